import type { BoundTransport, ExtraPart } from "../../transports/transport.ts";
import type { Bytes, WireBooks } from "./wire-books.ts";

/** So much of a request or an answer says what it is for. */
const headCharacters = 512;

/** What has crossed since the client last began to ask. */
interface Exchange {
  request: string;
  answer: string;
  readonly bytes: Bytes;
  /** What it turned out to be for; null for deliveries, and before there is an answer. */
  part: ExtraPart | null;
  isAnswered: boolean;
}

/**
 * Tells what the bytes of one connection are for, as far as they show it. Messages up by POST and polls are
 * HTTP/1.1 without pipelining, so what goes up after an answer begins the next exchange. All else is a
 * stream: until it is settled its bytes are its set-up, and after that they don't tell.
 */
export class RelayedConnection {
  readonly #books: WireBooks;
  readonly #total: Bytes;
  readonly #delivery: BoundTransport["delivery"];
  #exchange: Exchange = newExchange();
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

  up(chunk: Buffer): void {
    this.#total.up += chunk.length;
    if (this.#isStream === true) return this.#streamed(0, chunk.length);
    if (this.#exchange.isAnswered) this.#exchange = newExchange();
    const exchange = this.#exchange;
    const isFirst = exchange.request === "";
    exchange.request = more(exchange.request, chunk);
    if (isFirst && /^[A-Z]+ /.test(exchange.request)) this.#books.requests += 1;
    this.#isStream ??= this.#delivery === "push" && !exchange.request.startsWith("POST ");
    if (this.#isStream) return this.#streamed(0, chunk.length);
    exchange.bytes.up += chunk.length;
  }

  down(chunk: Buffer): void {
    this.#total.down += chunk.length;
    // A stream may also begin with what the server says.
    if (this.#isStream !== false) return this.#streamed(chunk.length, 0);
    const exchange = this.#exchange;
    const wasTold = exchange.answer.length >= "HTTP/1.1 200".length;
    exchange.isAnswered = true;
    exchange.answer = more(exchange.answer, chunk);
    exchange.bytes.down += chunk.length;
    if (wasTold) {
      if (exchange.part !== null) this.#books.more(exchange.part, chunk.length, 0);
      return;
    }
    exchange.part = partOf(exchange);
    const { down, up } = exchange.bytes;
    if (exchange.part !== null) this.#books.spent(exchange.part, down, up);
  }

  #streamed(down: number, up: number): void {
    if (!this.#isSettled) this.#books.more("setUp", down, up);
  }
}

function newExchange(): Exchange {
  return { request: "", answer: "", bytes: { down: 0, up: 0 }, part: null, isAnswered: false };
}

/** Of the formats in `transports/polling.ts` and `takeUpstream`. */
function partOf({ request, answer }: Exchange): ExtraPart | null {
  if (request.startsWith("POST ")) return "upstream";
  const [line = ""] = request.split("\r\n", 1);
  if (!/[?&]after=/.test(line)) return "setUp";
  return answer.startsWith("HTTP/1.1 204") ? "emptyPolls" : null;
}

function more(head: string, chunk: Buffer): string {
  const missing = headCharacters - head.length;
  return missing <= 0 ? head : head + chunk.toString("latin1", 0, missing);
}
