import { wrapped } from "../text/wrapped.ts";
import type { Through, ThroughCure, ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";

/** What stands in front of an endpoint, for people; its signs are words, so that it needs no colour. */
export function reportText({ url, isAnswered, boundMs, findings }: Through): string {
  return [
    ...wrapped(`${url}, with silence up to ${timeText(boundMs)}`, ""),
    "",
    ...findings.flatMap(findingLines),
    ...(isAnswered ? [] : ["", ...wrapped(noAnswer, "")]),
  ].join("\n");
}

const noAnswer =
  "Without an answering end behind it, nothing tells when events were sent: whether they are held back, for how " +
  "long and by how many bytes, and what cures that. Some twenty lines make one, for express, fastify or " +
  "Python (examples/through); npx transport-bench serve --through is one, too. See docs/proxies.md.";

function findingLines({ status, title, found, cures }: ThroughFinding): string[] {
  const lead = `${status.padEnd(9)}${title.padEnd(17)}`;
  return [
    ...wrapped(found, lead),
    ...cures.flatMap((cure) => cureLines(cure, `${"".padEnd(lead.length)}-> `)),
  ];
}

/** Where it is documented stands further to the left, so that addresses stay whole. */
function cureLines({ what, helped, source }: ThroughCure, lead: string): string[] {
  const tried = helped === null ? "" : helped ? " (tried: it helps)" : " (tried: no help)";
  return [
    ...wrapped(`${what}${tried}`, lead),
    ...(source === null ? [] : wrapped(source, "         ")),
  ];
}
