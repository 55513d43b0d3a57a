import { addBytes } from "../../transports/wire-bytes.ts";
import { perPart } from "../../transports/wire-parts.ts";
import type { WireDelta } from "./wire-ledger.ts";

/** What crossed the wire of two servers. */
export function addDeltas(a: WireDelta, b: WireDelta): WireDelta {
  return {
    total: addBytes(a.total, b.total),
    parts: perPart((part) => addBytes(a.parts[part], b.parts[part])),
    records: perPart((part) => addBytes(a.records[part], b.records[part])),
    requests: a.requests + b.requests,
    answers: [...a.answers, ...b.answers],
    bodyBytes: a.bodyBytes + b.bodyBytes,
    digitBytes: a.digitBytes + b.digitBytes,
    sentUp: a.sentUp + b.sentUp,
    connections: a.connections + b.connections,
  };
}
