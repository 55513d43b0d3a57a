import { listing } from "../text/format.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { bufferedFinding, refusedText } from "./buffered-finding.ts";
import { curesFor } from "./cures-for.ts";
import { idleFinding, upgradeFinding } from "./connection-findings.ts";
import { ownFindings } from "./own-findings.ts";
import { namedProxies, namingFields } from "./known-proxies.ts";
import type { Asked, Looked } from "./look.ts";
import { answeringField } from "./question.ts";
import type { ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";

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
  { first, asked, given }: Looked,
  fields: Readonly<Record<string, string>>,
): ThroughFinding {
  const said = namingFields.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  const names = asked === null ? [] : addedNames(first.head?.fields[answeringField] ?? "", given);
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

/** Fields that the server was sent and that the client hasn't sent. */
function addedNames(askedAs: string, given: readonly string[]): string[] {
  const [, ...names] = askedAs.split(" ");
  const added = names.filter((name) => !given.includes(name));
  return added.filter((name) => /^(?:x-|via$|forwarded$|cf-|true-client|front-end)/.test(name));
}

function headFinding(asked: Asked, named: readonly Proxy[]): ThroughFinding {
  const isHeld = asked.faults.includes("head");
  const what = { key: "head" as const, title: "head of answers" };
  const refused = refusedText(asked.slow);
  if (refused !== null) return { ...what, status: "unknown", found: refused, cures: [] };
  return {
    ...what,
    status: isHeld ? "limited" : "good",
    found: isHeld
      ? "waits for the first event: an EventSource is open only then"
      : asked.slow.gathering?.isUntilEnd === true
        ? "comes with the events"
        : "comes at once",
    cures: isHeld ? curesFor("head", asked, named) : [],
  };
}

function compressedFinding(asked: Asked, named: readonly Proxy[]): ThroughFinding {
  const { head } = asked.slow.heard;
  const encoding = head?.fields["content-encoding"];
  const isCompressed = asked.faults.includes("compressed");
  const what = { key: "compressed" as const, title: "compressed" };
  const refused = refusedText(asked.slow);
  if (refused !== null) return { ...what, status: "unknown", found: refused, cures: [] };
  return {
    ...what,
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
  const plain = `HTTP/${first.head?.version ?? "1.1"}`;
  const chosen = protocol === "h2" ? `HTTP/2 and ${plain}` : `${plain} only`;
  const withTls = tls === null ? "without TLS, which browsers need for HTTP/2" : `over ${tls}`;
  const isHttp3 = /\bh3\b/.test(fields["alt-svc"] ?? "");
  const [version] = (first.head?.fields[answeringField] ?? "").split(" ");
  const behind =
    asked === null || version === undefined ? "" : `; the server is asked in HTTP/${version}`;
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
