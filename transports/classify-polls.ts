import type { AnsweredPoll, AnswerHead, AnswerReader, RequestHead } from "./classify.ts";
import type { ExtraPart } from "./wire-parts.ts";
import { classifyUpstream } from "./upstream.ts";

// How a relay between client and server reads the wire format of `polling-format.ts`.

/** Classifies polls, and messages sent up beside them, for a relay. */
export function classifyPoll(request: RequestHead): AnswerReader {
  return classifyUpstream(request) ?? new PollAnswer(request);
}

/** The answer to one poll. Of its body nothing is kept, however large. */
class PollAnswer implements AnswerReader {
  /** The digits of the cursor; null in the first poll, which only asks for the channel's newest number. */
  readonly #after: string | null;
  readonly #counter = new MessageCounter();
  #bodyBytes = 0;

  constructor({ path }: RequestHead) {
    this.#after = /[?&]after=(\d*)/.exec(path)?.[1] ?? null;
  }

  body(piece: Buffer): void {
    this.#bodyBytes += piece.length;
    this.#counter.read(piece);
  }

  purpose({ header }: AnswerHead): ExtraPart | AnsweredPoll {
    if (this.#after === null) return "setUp";
    const { messages } = this.#counter;
    if (messages === 0) return "emptyPolls";
    const cursor = header("cursor") ?? "";
    const length = header("content-length") ?? "";
    return {
      messages,
      newest: Number(cursor) || 0,
      bodyBytes: this.#bodyBytes,
      digitBytes: this.#after.length + cursor.length + length.length,
    };
  }
}

const lineFeed = 10;
const zero = 48;

/** Counts the messages of a poll's body as its pieces come. */
export class MessageCounter {
  messages = 0;
  #length = 0;
  /** How many bytes of the current message are left; 0 while its length is read. */
  #left = 0;

  read(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, piece.length - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.messages += 1;
      } else {
        this.#takeDigit(piece[at] ?? 0);
        at += 1;
      }
    }
  }

  #takeDigit(byte: number): void {
    if (byte !== lineFeed) {
      this.#length = this.#length * 10 + byte - zero;
      return;
    }
    if (this.#length === 0) this.messages += 1;
    this.#left = this.#length;
    this.#length = 0;
  }
}
