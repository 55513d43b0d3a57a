import { byteFormat } from "../text/format.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { curesFor } from "./cures-for.ts";
import { isHeldBack, slowly } from "./look.ts";
import type { Asked, Streamed } from "./look.ts";
import type { ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";

/** Whether events are held back, for how long and by how many bytes. */
export function bufferedFinding(asked: Asked, named: readonly Proxy[]): ThroughFinding {
  const isBuffered = asked.faults.includes("buffered");
  const other = asked.http2 === null ? "" : http2Text(asked.http2, isBuffered);
  const what = { key: "buffered" as const, title: "buffered" };
  const refused = refusedText(asked.slow);
  if (refused !== null) return { ...what, status: "unknown", found: refused, cures: [] };
  if (!isBuffered) {
    const found = `each of ${slowly.count} events came by itself${other}`;
    return { ...what, status: other === "" ? "good" : "limited", found, cures: [] };
  }
  return {
    ...what,
    status: "bad",
    found: `${heldText(asked)}${other}`,
    cures: curesFor("buffered", asked, named),
  };
}

/** Why a stream tells nothing that was refused; null where it wasn't. */
export function refusedText(streamed: Streamed): string | null {
  if (isHeldBack(streamed) !== null) return null;
  const { head } = streamed.heard;
  return `can't be told: answered ${head?.status} ${head?.reason}`.trimEnd();
}

function http2Text(streamed: Streamed, isBuffered: boolean): string {
  const isSo = isHeldBack(streamed);
  if (isSo === null || isSo === isBuffered) return "";
  return isSo ? "; over HTTP/2, events come together" : "; over HTTP/2, each comes by itself";
}

/** `events come together, 10 of 30 at once: held for 500 ms, or until 4.1 kB have gathered`. */
function heldText({ slow, quick }: Asked): string {
  const { gathering } = slow;
  if (gathering === null) return "not one event came";
  const bytes = quick === null ? null : heldBytes(slow, quick);
  const time = gathering.isUntilEnd ? "until the answer ends" : `for ${timeText(gathering.heldMs)}`;
  return `events come together, ${gathering.burst} of ${slowly.count} at once: held ${time}${gatheredText(bytes)}`;
}

function gatheredText(bytes: ReturnType<typeof heldBytes>): string {
  if (bytes === null) return "";
  const { atLeast, atMost } = bytes;
  if (atMost === null) return `, by more than ${bytesText(atLeast)}`;
  return `, or until about ${bytesText((atLeast + atMost) / 2)} have gathered`;
}

/**
 * How much is held until it goes on, in bytes on the wire; `atMost` is null where time came first. Null where it can't
 * be told.
 */
export function heldBytes(
  slow: Streamed,
  quick: Streamed,
): { readonly atLeast: number; readonly atMost: number | null } | null {
  if (quick.gathering === null || slow.gathering === null) return null;
  const { heldMs, heldBytes, isUntilEnd } = quick.gathering;
  const atLeast = Math.max(0, heldBytes.from);
  const isByBytes =
    !isUntilEnd && (slow.gathering.isUntilEnd || heldMs < 0.8 * slow.gathering.heldMs);
  return { atLeast, atMost: isByBytes ? heldBytes.to : null };
}

function bytesText(bytes: number): string {
  const about = Number(bytes.toPrecision(2));
  const format = byteFormat([about]);
  return `${format.number(about).replace(/(\.\d)0$/, "$1")} ${format.unit}`;
}
