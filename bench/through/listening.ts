import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { createParser } from "eventsource-parser";
import type { Chunk, End, Head, Heard, HeardEvent } from "./heard.ts";

/** What browsers offer, as far as it is common. */
export const offeredEncodings = "gzip, deflate, br";

export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Writes down what comes of one request. */
export class Listening {
  readonly #chunks: Chunk[] = [];
  readonly #events: HeardEvent[] = [];
  readonly #delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    onEvent: ({ data }) => void this.#events.push({ atMs: wallMs(), ...numbered(data) }),
  });
  #head: Head | null = null;
  #end: End | null = null;
  connectMs: number | null = null;
  askedMs: number = wallMs();

  constructor() {
    this.#delays.enable();
  }

  head(head: Omit<Head, "atMs">): void {
    this.#head = { atMs: wallMs(), ...head };
  }

  /** Reads the body to its end, decoded as its head says; `wireBytes` is what its connection has carried. */
  read(body: Readable, wireBytes: () => number): void {
    const decoded = decoding(body, this.#head?.fields["content-encoding"]);
    decoded.on("data", (chunk: Buffer) => {
      this.#chunks.push({ atMs: wallMs(), bytes: chunk.length, wireBytes: wireBytes() });
      this.#parser.feed(this.#decoder.decode(chunk, { stream: true }));
    });
    // What is cut in the middle of compressed data is told by the body itself.
    decoded.on("error", () => {});
  }

  /** The first end is the one that counts. */
  ended(isOrderly: boolean, how: string): void {
    this.#end ??= { atMs: wallMs(), isOrderly, how };
  }

  heard(): Heard {
    this.#delays.disable();
    return {
      head: this.#head,
      connectMs: this.connectMs,
      askedMs: this.askedMs,
      chunks: this.#chunks,
      events: this.#events,
      end: this.#end,
      stalledMs: Math.max(0, this.#delays.max / 1e6 - delayResolutionMs),
    };
  }
}

const delayResolutionMs = 5;

function decoding(body: Readable, encoding = "identity"): Readable {
  const decoder = decoders[encoding.trim().toLowerCase()];
  return decoder === undefined ? body : body.pipe(decoder());
}

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What an answering end says with each event; see question.ts. */
function numbered(data: string): Pick<HeardEvent, "number" | "sentMs"> {
  const [, number, sentMs] = /^(\d{1,4}) (\d{13})(?: |$)/.exec(data) ?? [];
  return number === undefined
    ? { number: null, sentMs: null }
    : { number: Number(number), sentMs: Number(sentMs) };
}
