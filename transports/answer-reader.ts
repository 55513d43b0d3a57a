import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";
import { meaningOf } from "./answer-events.ts";
import type { EventMeaning } from "./answer-events.ts";
import { LineReader } from "./line-reader.ts";
import { EventBytes } from "./sse-parser.ts";

/** Reads the body of a streamed answer, in pieces of any size. */
export interface AnswerReader {
  /** False once an event is too long, after which nothing can be read any more. */
  feed(piece: Buffer): boolean;
  /** Whether what has been read so far ends where an event does. */
  readonly isWhole: boolean;
  /** There is no more: a last line may have no end. */
  end(): void;
}

export interface EventHandlers {
  event(meaning: EventMeaning): void;
  /** A comment, or an empty line of NDJSON: by these, servers show that they are there. */
  ping(): void;
}

/** By the type that an answer says to be of; null where that is no stream. */
export function answerReader(contentType: string, handlers: EventHandlers): AnswerReader | null {
  const [type = ""] = contentType.toLowerCase().split(";");
  const name = type.trim();
  if (name === "text/event-stream") return new EventStream(handlers);
  return lineTypes.has(name) ? new Lines(handlers) : null;
}

const lineTypes: ReadonlySet<string> = new Set([
  "application/x-ndjson",
  "application/ndjson",
  "application/jsonl",
  "application/x-jsonlines",
  "application/jsonlines",
  "application/stream+json",
  "application/json-seq",
]);

const emptyLine = "\n\n";

class EventStream implements AnswerReader {
  isWhole = true;
  readonly #bytes = new EventBytes();
  readonly #decoder = new StringDecoder("utf8");
  readonly #parser: ReturnType<typeof createParser>;
  /** The last characters that were read: an event's end may be in two pieces. */
  #last = "";

  constructor(handlers: EventHandlers) {
    this.#parser = createParser({
      onEvent: ({ data, event }) => handlers.event(meaningOf(data, event)),
      onComment: () => handlers.ping(),
    });
  }

  feed(piece: Buffer): boolean {
    const bytes = this.#bytes.take(piece);
    if (bytes === null) return false;
    const text = this.#decoder.write(bytes);
    this.#last = (this.#last + text).slice(-emptyLine.length);
    this.isWhole = this.#last === emptyLine;
    this.#parser.feed(text);
    return true;
  }

  end(): void {}
}

/** May stand before each line: JSON text sequences have it so (RFC 7464). */
const recordSeparator = "\u001E";

class Lines implements AnswerReader {
  isWhole = true;
  readonly #lines: LineReader;
  readonly #decoder = new StringDecoder("utf8");

  constructor(handlers: EventHandlers) {
    this.#lines = new LineReader((line) => {
      const data = line.replace(recordSeparator, "").trim();
      if (data === "") handlers.ping();
      else handlers.event(meaningOf(data));
    });
  }

  feed(piece: Buffer): boolean {
    const text = this.#decoder.write(piece);
    if (text !== "") this.isWhole = text.endsWith("\n");
    return this.#lines.feed(text);
  }

  end(): void {
    if (!this.isWhole) this.#lines.feed("\n");
  }
}
