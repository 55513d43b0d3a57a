import type { BoundTransport } from "../../transports/transport.ts";
import { Beats } from "./beats.ts";
import { nowNs } from "./clock.ts";
import { HttpReader, fieldOf } from "./http-reader.ts";
import type { HttpMessage } from "./http-reader.ts";
import { MessageCounter } from "./message-counter.ts";
import type { Bytes, WireBooks } from "./wire-books.ts";

/** An answer, and how many messages its body holds if it is one to a poll. */
interface Answer extends HttpMessage {
  readonly messages: number;
}

/**
 * Tells what the bytes of one connection are for, as far as they show it. Messages up by POST and polls are
 * exchanges of HTTP/1.1: each is booked when its answer is complete, and is under way until then. All else
 * is a stream: until it is settled its bytes are its set-up, and after that they are taken for deliveries.
 */
export class RelayedConnection {
  readonly #books: WireBooks;
  readonly #total: Bytes;
  readonly #delivery: BoundTransport["delivery"];
  readonly #counter = new MessageCounter();
  /** Exchanges of which the other half is still to come: answers are in the order of their requests. */
  readonly #asked: HttpMessage[] = [];
  readonly #answered: Answer[] = [];
  readonly #requests = new HttpReader({
    body: () => {},
    complete: (request) => {
      this.#asked.push(request);
      this.#pair();
    },
  });
  readonly #answers = new HttpReader({
    body: (piece) => this.#counter.read(piece),
    complete: (answer) => {
      this.#answered.push({ ...answer, messages: this.#counter.take() });
      this.#pair();
    },
  });
  readonly #beats = new Beats();
  #isStream: boolean | null = null;
  #isSettled = false;

  /** Counts in `books`, and all bytes in `total`. */
  constructor(books: WireBooks, total: Bytes, delivery: BoundTransport["delivery"]) {
    this.#books = books;
    this.#total = total;
    this.#delivery = delivery;
    books.connections += 1;
  }

  /** Whoever wanted to connect is subscribed. */
  settle(): void {
    this.#isSettled = true;
  }

  /** Forgets the beats that were seen. */
  begin(): void {
    this.#beats.reset();
  }

  /** What is periodic here; null where nothing can be, on a connection by which messages go up. */
  get beats(): Beats | null {
    const isSubscription = this.#delivery === "pull" || this.#isStream === true;
    return isSubscription ? this.#beats : null;
  }

  up(chunk: Buffer): void {
    this.#total.up += chunk.length;
    this.#isStream ??= this.#beginsStream(chunk.toString("latin1", 0, longestMethod));
    if (this.#isStream) this.#streamed(0, chunk.length);
    else this.#requests.read(chunk);
  }

  down(chunk: Buffer): void {
    this.#total.down += chunk.length;
    // A stream may also begin with what the server says.
    if (this.#isStream ?? this.#delivery === "push") this.#streamed(chunk.length, 0);
    else this.#answers.read(chunk);
  }

  /** The server says no more. */
  ended(): void {
    this.#answers.end();
  }

  #beginsStream(start: string): boolean {
    const isStream = this.#delivery === "push" && !start.startsWith("POST ");
    if (isStream && /^[A-Z]+ /.test(start)) this.#books.requests += 1;
    return isStream;
  }

  #streamed(down: number, up: number): void {
    this.#books.more(this.#isSettled ? "deliveries" : "setUp", down, up);
    this.#beats.note(nowNs() / 1e6, down, up);
  }

  #pair(): void {
    const [request] = this.#asked;
    const [answer] = this.#answered;
    if (request === undefined || answer === undefined) return;
    this.#asked.shift();
    this.#answered.shift();
    this.#book(request, answer);
  }

  /** Of the formats in `transports/polling.ts` and `takeUpstream`. */
  #book(request: HttpMessage, answer: Answer): void {
    const books = this.#books;
    const { messages, bodyBytes, bytes: down } = answer;
    const { bytes: up } = request;
    // Those of polling clients are counted by what they were for.
    if (this.#delivery === "push") books.requests += 1;
    const [line = ""] = request.head.split("\n", 1);
    if (line.startsWith("POST ")) books.spent("upstream", down, up);
    else if (!/[?&]after=/.test(line)) books.spent("setUp", down, up);
    else if (messages === 0) {
      books.spent("emptyPolls", down, up);
      this.#beats.note(nowNs() / 1e6, down, up);
    } else {
      const newest = Number(fieldOf(answer.head, "cursor")) || 0;
      const digitBytes = digitsIn(line, answer);
      books.answered({ messages, newest, bodyBytes, digitBytes }, down, up);
    }
  }
}

/** Of a poll's request line and its answer; see `AnsweredPoll`. */
function digitsIn(line: string, { head, chunkBytes }: HttpMessage): number {
  const [, after = ""] = /[?&]after=(\d*)/.exec(line) ?? [];
  const [cursor, length] = ["cursor", "content-length"].map((name) => fieldOf(head, name) ?? "");
  return after.length + (cursor?.length ?? 0) + (length?.length ?? 0) + chunkBytes;
}

/** Characters that tell which method a request has. */
const longestMethod = 16;
