import { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import type { ReadChunk } from "../transports/transport.ts";
import { cuts } from "./pieces.ts";
import { chunked, textFrame, upgraded } from "./wire-bytes.ts";

// Clients that only receive, on a stream without a socket: what they make of any bytes, however these are cut.

/** A client on a connection whose other end is this test. */
class Dialled {
  readonly seen = new RecordingClient();
  /** Why it isn't subscribed; undefined while that is open, null where it is. */
  failure: string | null | undefined;
  request = "";
  #read: ReadChunk = () => {};
  readonly #stream = new Duplex({
    allowHalfOpen: false,
    read() {},
    write: (chunk: Buffer, _encoding, done) => {
      this.request += chunk.toString("latin1");
      done();
    },
  });

  constructor(variant: string) {
    const dial = (read: ReadChunk = () => {}): Duplex => {
      this.#read = read;
      return this.#stream;
    };
    const target = { url: new URL("http://localhost"), channel: "all", phase: 0, dial };
    parseVariant(variant)
      .bound.connect(target, this.seen)
      .then(
        () => (this.failure = null),
        (error: Error) => (this.failure = error.message),
      );
  }

  /** Has these pieces arrive, each in memory that is something else afterwards, and then the end. */
  async receive(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      const shared = Buffer.concat([piece, Buffer.from("\r\n\r\ndata: stale\n\n")]);
      this.#read(shared, piece.length);
      shared.fill(0xff);
    }
    if (!this.#stream.destroyed) this.#stream.push(null);
    this.#stream.resume();
    const isOver = (): boolean =>
      this.failure === null ? this.seen.endings.length > 0 : this.failure !== undefined;
    for (let turn = 0; turn < 20 && !isOver(); turn += 1) await new Promise(setImmediate);
    expect(isOver(), "it tells of the end").toBe(true);
  }

  /** What it has made of it all. */
  get told(): unknown {
    const { received, endings, gaps } = this.seen;
    return [this.failure, received, gaps, endings];
  }
}

const eventHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
const events = [
  "event: hello\nid: 12\ndata: 12\n\n",
  "id: 13\ndata: one\n\n",
  ":\n\nid: 14\r\ndata: Grü",
];

/** By variant, an answer with two messages, three are left out, and one more. */
const answers: Readonly<Record<string, (request: string) => Buffer>> = {
  "websocket:lean": (request) =>
    Buffer.concat([
      Buffer.from(upgraded(request)),
      textFrame("12"),
      textFrame("one"),
      Buffer.from([0x89, 1, 120]),
      Buffer.from([0x01, 4]),
      Buffer.from("Grüße").subarray(0, 4),
      Buffer.from([0x8a, 6]),
      Buffer.from("gap 12"),
      Buffer.from([0x80, 3]),
      Buffer.from("Grüße").subarray(4),
      Buffer.from([0x8a, 6]),
      Buffer.from("gap 17"),
      textFrame("last"),
    ]),
  "sse:lean": () =>
    Buffer.from(
      `${eventHead}Transfer-Encoding: chunked\r\n\r\n` +
        [...events, "ße\r\n\r\n", "id: 18\rdata: last\r\r", "data: lost"].map(chunked).join(""),
    ),
};

const outcome = [null, ["one", "Grüße", "last"], [3], ["the server ended the connection"]];

describe.each(Object.entries(answers))("%s", (variant, answer) => {
  it("receives the same, wherever the stream is cut", async () => {
    const { request } = new Dialled(variant);
    for (const at of cuts(answer(request)).keys()) {
      const client = new Dialled(variant);
      await client.receive(cuts(answer(client.request))[at] ?? []);
      expect(client.told, `cut at ${at}`).toEqual(outcome);
    }
  });

  it("ends with a reason whatever it is sent, and never by an error of its own", async () => {
    let state = 11;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) % below;
    };
    const reasons = new Set<string>();
    for (let round = 0; round < 1_500; round += 1) {
      const client = new Dialled(variant);
      const bytes = answer(client.request);
      for (let changes = 1 + next(3); changes > 0; changes -= 1)
        bytes[next(bytes.length)] = next(256);
      const at = next(bytes.length);
      await client.receive([bytes.subarray(0, at), bytes.subarray(at)]);
      const [reason = client.failure ?? ""] = client.seen.endings;
      expect(reason, `round ${round}`).toMatch(known);
      reasons.add(reason.replace(/[ :].*/, ""));
    }
    // Heads, frames or chunks, hellos, and ends.
    expect(reasons.size).toBeGreaterThan(3);
  });
});

/** All that a server's breach of the format is told by, and the end of a connection. */
const known =
  /^(the (server|hello|Content-|Transfer-)|an? (answer|second|message|event)|status \d+|closed with|Invalid WebSocket frame: )/;
