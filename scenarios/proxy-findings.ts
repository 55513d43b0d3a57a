import { compressedBy, headWaits, statusText, upgradeRefusal } from "./proxy-asked.ts";
import type { AskedBoth } from "./proxy-asked.ts";
import type { Look } from "./proxy-events.ts";
import type { ProxyFaultKind } from "./proxy-faults.ts";
import { toldWithinMs } from "./proxy-gone.ts";
import type { Gone } from "./proxy-gone.ts";
import type { Held } from "./proxy-held.ts";
import type { Idle } from "./proxy-idle.ts";
import type { Reloaded } from "./proxy-reload.ts";
import { bytesText, msText } from "./proxy-texts.ts";

/**
 * Whether a fault was found, in words without a cure; null where it wasn't, with a note where that can't be told. A proxy
 * is only charged with what the same messages past it, at the same time, don't show.
 */
export interface Finding {
  readonly text: string | null;
  readonly note?: string;
}

export type Findings = Readonly<Record<ProxyFaultKind, Finding>>;

const notFound: Finding = { text: null };

export function cantTell(note: string): Finding {
  return { text: null, note };
}

/**
 * Events are gathered where at least so many of them come together with others, above the share of those past the proxy:
 * a process that waits for the processor holds up one or two of them, not half.
 */
const gatheredShare = 0.5;

/**
 * Each event is late where half of them take so much longer: less than the 40 ms of a delayed acknowledgement, by which
 * some wait, and many times what passing on takes.
 */
const lateMs = 30;

/** The gap in a flow of messages that a proxy's reload is charged with. */
const longGapMs = 1_000;

/** How a connection that nobody has to tell of its end is ended. */
const earlyShare = 0.9;

/** Whether events are held, and how. */
export function eventsFault({ proxy, direct, addedMs }: Look): "buffered" | "delayed" | null {
  if (proxy.firstMs === null) return "buffered";
  if (proxy.gathered - direct.gathered >= gatheredShare) return "buffered";
  const boundMs = Math.max(lateMs, 2 * (direct.longestMs ?? 0));
  return addedMs !== null && addedMs > boundMs ? "delayed" : null;
}

export function bufferedFinding(look: Look, held: Held | null): Finding {
  if (eventsFault(look) !== "buffered") return notFound;
  const { firstMs, burst, longestMs } = look.proxy;
  if (firstMs === null) {
    if (held?.by === "bytes")
      return { text: `no event comes until ${heldText(held)} have gathered` };
    const least = held?.by === "nothing" ? `, of ${bytesText(held.least)} that were sent` : "";
    return { text: `no event comes within ${msText(look.watchedMs)}${least}` };
  }
  const after = longestMs === null ? "" : `, up to ${msText(longestMs)} late`;
  const bytes = held?.by === "bytes" ? `, or when ${heldText(held)} have gathered` : "";
  return { text: `events come together, ${burst} at once${after}${bytes}` };
}

/** A whole number of KiB where only one can be meant. */
export function heldText({ least, most }: Extract<Held, { by: "bytes" }>): string {
  const kibibytes = Math.floor(most / 1_024);
  const isOne = kibibytes * 1_024 > least && (kibibytes - 1) * 1_024 <= least;
  return isOne ? `${kibibytes} KiB` : bytesText(most);
}

export function delayedFinding(look: Look): Finding {
  if (eventsFault(look) !== "delayed") return notFound;
  return { text: `each event comes ${msText(look.addedMs ?? 0)} later` };
}

export function headFinding(asked: AskedBoth): Finding {
  const waits = headWaits(asked);
  if (waits === null) return cantTell("only told of streams over HTTP, whose head comes first");
  return waits ? { text: "the head of an answer waits for its first event" } : notFound;
}

export function compressedFinding(asked: AskedBoth): Finding {
  if (asked === null) return cantTell("asked by HTTP/1.1 only");
  const coding = compressedBy(asked);
  return coding === null ? notFound : { text: `answers are compressed by ${coding}, unasked` };
}

/** What clients are told that aren't connected: by hand an error shows in full. */
export function refusalText(refusal: string, asked: AskedBoth): string {
  const status = asked?.proxy.status ?? null;
  return asked === null || status === null || status < 400 ? refusal : statusText(asked.proxy);
}

/** A connection that wasn't had at all. */
export function refusedFinding(refusal: string | null, asked: AskedBoth): Finding {
  if (refusal === null) return notFound;
  return { text: `clients are refused: ${refusalText(refusal, asked)}` };
}

/** An upgrade that the client does without. */
export function upgradeFinding(asked: AskedBoth): Finding {
  const upgrade = upgradeRefusal(asked);
  return upgrade === null ? notFound : { text: `the upgrade to WebSocket is refused: ${upgrade}` };
}

/** Whether the proxy, and not the server or the client, has ended a silent connection. */
export function isCut({ silent, control }: Idle): boolean {
  if (silent.endedMs === null) return false;
  return control.endedMs === null || silent.endedMs < earlyShare * control.endedMs;
}

export function cutFinding(idle: Idle | null, look: Look | null): Finding {
  if (look?.ended != null) return { text: `a connection ends while events flow: ${look.ended}` };
  if (idle === null) return cantTell("who polls at an interval is never silent for longer");
  const { silent } = idle;
  if (!isCut(idle) || silent.endedMs === null) return notFound;
  const reason = silent.reason === null ? "" : ` (${silent.reason})`;
  return { text: `a silent connection is ended after ${msText(silent.endedMs)}${reason}` };
}

export function goneFinding(gone: Gone | null, side: "client" | "server"): Finding {
  if (gone === null) return cantTell("between two polls there is nobody to be told");
  if (gone.toldMs !== null || gone.goesOn === true) return notFound;
  const within = `within ${msText(toldWithinMs)}`;
  if (side === "server")
    return { text: `the client isn't told ${within} that its server has gone` };
  const then =
    gone.atNextWrite === true ? "; when it sends something, it is" : ", nor when it sends";
  return { text: `the server isn't told ${within} that its client has gone${then}` };
}

export function reloadFinding(reloaded: Reloaded | { readonly impossible: string }): Finding {
  if ("impossible" in reloaded) return cantTell(reloaded.impossible);
  const { of, cut, reason, lost, gapMs } = reloaded;
  if (cut === 0 && lost === 0) {
    return gapMs > longGapMs ? { text: `nothing comes for ${msText(gapMs)}` } : notFound;
  }
  const why = reason === null ? "" : ` (${reason})`;
  const cuts = cut === 0 ? [] : [`${cut} of ${of} connections are cut${why}`];
  const losses = lost === 0 ? [] : [`${lost} ${lost === 1 ? "message is" : "messages are"} lost`];
  return { text: [...cuts, ...losses].join("; ") };
}
