import { ProtocolError, quoted, tooLong } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";

/** Characters that a line may have beside its payload: a number, the names of its members. */
const memberCharacters = 1_024;

/** The longest payload as a string of JSON, where no more than two characters stand for each of its bytes. */
const maxStringCharacters = 2 * maxMessageBytes;

/** A line without an end, or longer than any that is taken. */
export function endlessLine(): ProtocolError {
  return tooLong("a line", maxStringCharacters);
}

/** The value of a line; throws a `ProtocolError` where it isn't JSON. */
export function jsonOf(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    throw new ProtocolError(`a line that isn't JSON: ${quoted(line)}`);
  }
}

/** Finds the lines of a text that arrives in pieces of any size. */
export class LineReader {
  readonly #take: (line: string) => void;
  /** The line that isn't complete. */
  #begun = "";

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  /** Takes what has arrived; false once a line without an end is too long, after which nothing can be read any more. */
  feed(text: string): boolean {
    let at = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", at)) {
      const line = text.slice(at, end);
      at = end + 1;
      if (this.#begun === "") this.#take(line);
      else this.#takeWith(line);
    }
    if (at < text.length) this.#begun += text.slice(at);
    return this.#begun.length <= maxStringCharacters + memberCharacters;
  }

  #takeWith(rest: string): void {
    const line = this.#begun + rest;
    this.#begun = "";
    this.#take(line);
  }
}
