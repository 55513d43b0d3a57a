import type { AnsweredPoll, AnswerHead, AnswerReader, RequestHead } from "./classify.ts";
import { decompressed } from "./content-coding.ts";
import { maxMessageBytes } from "./transport.ts";
import type { ExtraPart } from "./wire-parts.ts";
import { classifyUpstream } from "./upstream.ts";

// How a relay between client and server reads the wire format of `polling-format.ts`.

/** Classifies polls, and messages sent up beside them, for a relay. */
export function classifyPoll(request: RequestHead): AnswerReader {
  return classifyUpstream(request) ?? new PollAnswer(request);
}

/** The answer to one poll. Of its body nothing is kept, however large, unless it may be compressed. */
class PollAnswer implements AnswerReader {
  /** The digits of the cursor; null in the first poll, which only asks for the channel's newest number. */
  readonly #after: string | null;
  readonly #counter = new MessageCounter();
  /** Null where none was asked for. */
  readonly #compressed: Buffer[] | null;
  #bodyBytes = 0;

  constructor({ path, header }: RequestHead) {
    this.#after = /[?&]after=(\d*)/.exec(path)?.[1] ?? null;
    this.#compressed = /\b(?:gzip|br)\b/.test(header("accept-encoding") ?? "") ? [] : null;
  }

  body(piece: Buffer): void {
    this.#bodyBytes += piece.length;
    if (this.#compressed === null) this.#counter.read(piece);
    else this.#compressed.push(piece);
  }

  purpose({ header }: AnswerHead): ExtraPart | AnsweredPoll {
    if (this.#after === null) return "setUp";
    if (this.#compressed !== null) {
      this.#counter.read(plainBody(this.#compressed, header("content-encoding")));
    }
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

/** Nothing where it is broken, or too large for any client: that is told by those that read it. */
function plainBody(pieces: readonly Buffer[], encoding: string | undefined): Buffer {
  const coding = encoding === "gzip" || encoding === "br" ? encoding : "identity";
  try {
    return decompressed(coding, Buffer.concat(pieces), maxAnswerBytes);
  } catch {
    return Buffer.alloc(0);
  }
}

/** An answer may hold all that a log has. */
const maxAnswerBytes = 16 * maxMessageBytes;

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
