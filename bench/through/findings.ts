import { byteFormat, listing } from "../text/format.ts";
import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { idleFinding, upgradeFinding } from "./connection-findings.ts";
import { ownFindings } from "./own-findings.ts";
import { isGathered } from "./gathering.ts";
import { namedProxies, namingFields, settingsAgainst } from "./known-proxies.ts";
import type { Asked, Looked, Streamed } from "./look.ts";
import { answeringField } from "./question.ts";
import type { ThroughCure, ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";
import { slowly } from "./look.ts";

/** All that can be said of what was heard. */
export function findingsOf(looked: Looked): ThroughFinding[] {
  const { asked, first, upgraded } = looked;
  const fields = { ...first.head?.fields, ...asked?.slow.heard.head?.fields };
  const named = namedProxies(fields);
  return [
    endpointFinding(looked),
    namedFinding(looked, fields),
    ...(asked === null
      ? ownFindings(looked)
      : [
          headFinding(asked, named),
          bufferedFinding(asked, named),
          compressedFinding(asked, named),
          idleFinding(looked, asked, named),
        ]),
    upgradeFinding(upgraded, looked.boundMs, named),
    versionsFinding(looked, fields),
    ...(asked === null ? [] : [keepAliveFinding(asked, first.head?.fields ?? {})]),
  ];
}

function endpointFinding({ first, asked }: Looked): ThroughFinding {
  const { head, askedMs, chunks } = asked?.once ?? first;
  const what = { key: "endpoint" as const, title: "endpoint", cures: [] };
  if (head === null) return { ...what, status: "bad", found: "no answer, not even a head" };
  const type = head.fields["content-type"] ?? "no content type";
  const firstMs = chunks[0]?.atMs;
  const times = [
    `head after ${timeText(head.atMs - askedMs)}`,
    ...(firstMs === undefined ? [] : [`first byte after ${timeText(firstMs - askedMs)}`]),
  ];
  const end =
    asked === null
      ? "no answering end, so when events were sent isn't known (docs/proxies.md)"
      : "an answering end";
  const found = `${end}; ${head.status} ${type}; ${listing(times)}`;
  const ended = asked === null && first.end?.isOrderly === true ? first.end.atMs - askedMs : null;
  if (ended === null) return { ...what, status: "good", found };
  return {
    ...what,
    status: "limited",
    found: `${found}; it ended after ${timeText(ended)}: is it a stream?`,
  };
}

function namedFinding(
  { first, asked }: Looked,
  fields: Readonly<Record<string, string>>,
): ThroughFinding {
  const said = namingFields.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  const names = asked === null ? [] : addedNames(first.head?.fields[answeringField] ?? "");
  const added = names.length === 0 ? [] : [`requests get ${listing(names)}`];
  const isNamed = said.length + added.length > 0;
  return {
    key: "named",
    title: "who says so",
    status: isNamed ? "good" : "unknown",
    found: isNamed ? [...said, ...added].join("; ") : "nothing in between names itself",
    cures: [],
  };
}

/** Fields that the server was sent and that no client of ours sends. */
function addedNames(askedAs: string): string[] {
  const [, ...names] = askedAs.split(" ");
  return names.filter((name) => /^(?:x-|via$|forwarded$|cf-|true-client|front-end)/.test(name));
}

function headFinding(asked: Asked, named: readonly Proxy[]): ThroughFinding {
  const isHeld = asked.faults.includes("head");
  return {
    key: "head",
    title: "head of answers",
    status: isHeld ? "limited" : "good",
    found: isHeld
      ? "waits for the first event: an EventSource is open only then"
      : asked.slow.gathering?.isUntilEnd === true
        ? "comes with the events"
        : "comes at once",
    cures: isHeld ? curesFor("head", asked, named) : [],
  };
}

function bufferedFinding(asked: Asked, named: readonly Proxy[]): ThroughFinding {
  const isBuffered = asked.faults.includes("buffered");
  const other = asked.http2 === null ? "" : http2Text(asked.http2, isBuffered);
  const what = { key: "buffered" as const, title: "buffered" };
  const { heard, gathering } = asked.slow;
  if (gathering === null && !isBuffered) {
    const found = `can't be told: answered ${heard.head?.status} ${heard.head?.reason}`.trimEnd();
    return { ...what, status: "unknown", found, cures: [] };
  }
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

function http2Text({ gathering }: Streamed, isBuffered: boolean): string {
  const isSo = gathering === null || isGathered(gathering);
  if (isSo === isBuffered) return "";
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

function compressedFinding(asked: Asked, named: readonly Proxy[]): ThroughFinding {
  const { head } = asked.slow.heard;
  const encoding = head?.fields["content-encoding"];
  const isCompressed = asked.faults.includes("compressed");
  return {
    key: "compressed",
    title: "compressed",
    status: isCompressed ? "limited" : "good",
    found: isCompressed
      ? `by ${encoding}, which the answering end itself doesn't do`
      : "not at all",
    cures: isCompressed ? curesFor("compressed", asked, named) : [],
  };
}

function versionsFinding(
  { offered: { protocol, tls }, first, asked }: Looked,
  fields: Readonly<Record<string, string>>,
): ThroughFinding {
  const chosen = protocol === "h2" ? "HTTP/2 and HTTP/1.1" : "HTTP/1.1 only";
  const withTls = tls === null ? "without TLS, which HTTP/2 of browsers needs" : `by ${tls}`;
  const isHttp3 = /\bh3\b/.test(fields["alt-svc"] ?? "");
  const [version] = (first.head?.fields[answeringField] ?? "").split(" ");
  const behind =
    asked === null || version === undefined ? "" : `; the server is asked by HTTP/${version}`;
  const isOld = version === "1.0";
  return {
    key: "versions",
    title: "HTTP versions",
    status: isOld || (tls !== null && protocol !== "h2") ? "limited" : "good",
    found: `${chosen}, ${withTls}${isHttp3 ? "; HTTP/3 by Alt-Svc" : ""}${behind}`,
    cures: [],
  };
}

function keepAliveFinding(
  { once }: Asked,
  fields: Readonly<Record<string, string>>,
): ThroughFinding {
  const isKept = once.connectMs === null;
  const timeout = fields["keep-alive"];
  const how = timeout === undefined ? "" : ` (Keep-Alive: ${timeout})`;
  return {
    key: "keep-alive",
    title: "keep-alive",
    status: isKept ? "good" : "limited",
    found: isKept
      ? `a second request went over the same connection${how}`
      : "each request has a connection of its own, which short and long polling pay for",
    cures: [],
  };
}

/** What was tried, then what the proxies that name themselves have for it. */
function curesFor(kind: ProxyFaultKind, { tried }: Asked, named: readonly Proxy[]): ThroughCure[] {
  const own = tried
    .filter(({ cure }) => cure.cures.includes(kind))
    .map(({ cure, helped }) => ({
      what: cure.what,
      by: "application" as const,
      helped: helped.includes(kind),
      source: null,
    }));
  const helping = own.filter(({ helped }) => helped);
  return [...helping, ...settingsAgainst(kind, named), ...own.filter(({ helped }) => !helped)];
}
