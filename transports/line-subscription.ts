import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { LineReader, endlessLine, jsonOf } from "./line-reader.ts";
import { ProtocolError, asError, quoted, tooLong } from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import { StreamSubscription } from "./stream-subscription.ts";
import { maxMessageBytes } from "./transport.ts";

/** Handles the lines of a stream, for every client of this wire format. */
export class LineSubscription extends StreamSubscription {
  readonly #reader = new LineReader((line) => this.#take(line));
  #flood: FloodDetector | undefined;

  override refusalOf(status: number, header: Header): ProtocolError | null {
    this.note("an answer, but no hello");
    return super.refusalOf(status, header);
  }

  /** Takes the next piece of the stream's text. */
  received(text: string): void {
    if (this.isConnecting) this.note(`an answer, but no hello, only ${quoted(text)}`);
    if (!this.#reader.feed(text)) this.fail(endlessLine());
  }

  #take(line: string): void {
    // What arrived together with the line on which it has ended.
    if (this.isEnded) return;
    if (line === "" || line === "\r") return this.#withoutMessage();
    const value = this.#parsed(line);
    if (typeof value !== "object" || value === null) this.#withoutMessage();
    else if ("data" in value && typeof value.data === "string") {
      if (value.data.length > maxMessageBytes) this.fail(tooLong("a message", maxMessageBytes));
      this.deliver(
        "id" in value && typeof value.id === "number" ? value.id : undefined,
        value.data,
      );
    } else if ("hello" in value) this.hello(textOf(value.hello));
    else this.#withoutMessage();
  }

  #parsed(line: string): unknown {
    try {
      return jsonOf(line);
    } catch (error) {
      this.fail(asError(error));
      return null;
    }
  }

  /** Counts an empty line, or one that is for others. */
  #withoutMessage(): void {
    this.#flood ??= new FloodDetector();
    if (!this.#flood.exceeds()) return;
    this.fail(
      new ProtocolError(`more than ${maxPerSecond} lines within a second without a message`),
    );
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
