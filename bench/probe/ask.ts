import { connectedEvent } from "../../transports/connected-event.ts";
import { setTimeout } from "node:timers/promises";
import type { Asked } from "../../scenarios/scenario.ts";
import type { Dialler } from "../measure/dialler.ts";
import { nowNs } from "../measure/clock.ts";
import { TunnelRefused } from "../measure/forward-proxy.ts";
import { HttpReader } from "../measure/http-reader.ts";

/** What a browser takes. */
export const browserCodings = "gzip, deflate, br, zstd";

/** Writes a request of HTTP/1.1 on a connection of its own, and reads what comes: until the answer ends, or for so long. */
export async function ask(dialler: Dialler, request: string, forMs: number): Promise<Asked> {
  const answer = { status: null as number | null, reason: "", headBytes: 0, bodyBytes: 0 };
  let fields: Asked["fields"] = {};
  let headNs: number | null = null;
  let bodyNs: number | null = null;
  let askedNs = nowNs();
  let bytes = 0;
  const over = new AbortController();
  const reader = new HttpReader({
    head(head) {
      headNs = nowNs() - askedNs;
      const [, status, reason = ""] = /^HTTP\/1\.\d (\d{3}) ?([^\r\n]*)/.exec(head) ?? [];
      if (status !== undefined) answer.status = Number(status);
      answer.reason = reason;
      answer.headBytes = Buffer.byteLength(head, "latin1") + 2;
      fields = fieldsOf(head);
    },
    body() {
      bodyNs ??= nowNs() - askedNs;
    },
    complete: () => over.abort(),
  });
  const stream = dialler.dial();
  stream.once(connectedEvent(stream), () => (askedNs = nowNs()));
  stream.write(request);
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    reader.read(chunk);
  });
  stream.once("error", (error) => {
    if (!(error instanceof TunnelRefused) || error.status === 0) return;
    answer.status = error.status;
    answer.reason = `${error.reason} to CONNECT`.trim();
  });
  for (const event of ["error", "end", "close"]) stream.once(event, () => over.abort());
  await setTimeout(forMs, null, { signal: over.signal }).catch(() => {});
  // What comes in the same turn.
  await setTimeout(0);
  await dialler.reset();
  return { ...answer, fields, bodyBytes: Math.max(0, bytes - answer.headBytes), headNs, bodyNs };
}

/** The fields of a head, by their names in lower case. */
function fieldsOf(head: string): Record<string, string> {
  const fields = new Map<string, string>();
  for (const line of head.split(/\r?\n/).slice(1)) {
    const [, name, value] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    const before = fields.get(key);
    fields.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(fields);
}
