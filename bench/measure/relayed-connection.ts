import type { AnsweredPoll, AnswerReader, RequestHead } from "../../transports/classify.ts";
import type { ExtraPart } from "../../transports/wire-parts.ts";
import type { PeriodicTraffic } from "./periodic-traffic.ts";
import { RelayAccount } from "./relay-account.ts";
import type { Relayable } from "./relay-account.ts";
import { HttpReader, fieldOf } from "./http-reader.ts";
import type { HttpMessage } from "./http-reader.ts";
import type { Bytes, WireLedger } from "./wire-ledger.ts";
import type { TlsShare } from "./tls-share.ts";

/** An answer, and what it and its request were for. */
interface Answer extends HttpMessage {
  readonly purpose: ExtraPart | AnsweredPoll;
}

/**
 * Tells what the bytes of one connection are for, as far as they show it. Exchanges of HTTP/1.1 are read by the
 * transport as they pass: each is counted when its answer is complete, and is under way until then. All else
 * is a stream: until it is settled its bytes are its set-up, and after that they are taken for deliveries,
 * but for what the transport knows as heartbeats.
 */
export class RelayedConnection {
  readonly #account: RelayAccount;
  readonly #transport: Relayable;
  /** Readers of the answers that haven't begun yet, in the order of their requests. */
  readonly #readers: AnswerReader[] = [];
  #reader: AnswerReader | undefined;
  /** Exchanges of which the other half is still to come. */
  readonly #asked: HttpMessage[] = [];
  readonly #answered: Answer[] = [];
  readonly #requests = new HttpReader({
    head: (head) => this.#begin(head),
    body: () => {},
    complete: (request) => {
      if (this.#isStream) return;
      this.#pendingUp -= request.bytes;
      this.#asked.push({ ...request, bytes: request.bytes + this.#account.takeAround("up") });
      this.#pair();
    },
  });
  readonly #answers = new HttpReader({
    head: () => (this.#reader = this.#readers.shift()),
    body: (piece) => this.#reader?.body(piece),
    complete: (answer) => this.#complete(answer),
  });
  #isStream: boolean;
  #hasBegun = false;
  /** Bytes of requests that aren't complete. */
  #pendingUp = 0;

  /** Adds to `ledger`, and all bytes to `total`. */
  constructor(ledger: WireLedger, total: Bytes, transport: Relayable, tls: TlsShare | null = null) {
    this.#account = new RelayAccount(ledger, total, transport, tls);
    this.#transport = transport;
    this.#isStream = transport.classify === null;
  }

  /** Whoever wanted to connect is subscribed. */
  settle(): void {
    this.#account.isSettled = true;
  }

  /** Forgets the periodic traffic so far. */
  begin(): void {
    this.#account.traffic.reset();
  }

  /** The periodic traffic of this connection; null where there can be none, since messages go up on it. */
  get traffic(): PeriodicTraffic | null {
    const isSubscription = this.#transport.delivery === "pull" || this.#isStream;
    return isSubscription ? this.#account.traffic : null;
  }

  up(chunk: Buffer): void {
    this.#account.count("up", chunk);
    this.#pendingUp += chunk.length;
    if (!this.#isStream) this.#requests.read(chunk);
    else if (!this.#hasBegun && beginsRequest(chunk)) this.#account.ledger.requests += 1;
    this.#hasBegun = true;
    // By what has been read, it may have become one.
    if (!this.#isStream) return;
    this.#account.streamed("up", this.#pendingUp, chunk);
    this.#pendingUp = 0;
  }

  down(chunk: Buffer): void {
    this.#account.count("down", chunk);
    if (this.#isStream) this.#account.streamed("down", chunk.length, chunk);
    else this.#answers.read(chunk);
  }

  /** Counts what TLS has taken by itself since the last time. */
  countTls(): void {
    this.#account.countTls();
  }

  /** The server says no more. */
  ended(): void {
    this.#answers.end();
  }

  #begin(head: string): void {
    if (this.#isStream) return;
    const reader = this.#transport.classify?.(requestHead(head)) ?? null;
    if (reader !== null) return void this.#readers.push(reader);
    this.#isStream = true;
    this.#account.ledger.requests += 1;
  }

  #complete(answer: HttpMessage): void {
    // Nobody has asked for it.
    if (this.#reader === undefined) return;
    const [, status] = answer.head.split(" ", 2);
    const purpose = this.#reader.purpose({
      status: Number(status),
      header: (name) => fieldOf(answer.head, name) ?? undefined,
    });
    const bytes = answer.bytes + this.#account.takeAround("down");
    this.#answered.push({ ...answer, bytes, purpose });
    this.#pair();
  }

  #pair(): void {
    const [request] = this.#asked;
    const [answer] = this.#answered;
    if (request === undefined || answer === undefined) return;
    this.#asked.shift();
    this.#answered.shift();
    this.#attribute(request.bytes, answer);
  }

  #attribute(up: number, { purpose, bytes: down, chunkBytes }: Answer): void {
    const bytes = { down, up };
    if (typeof purpose !== "object") return this.#account.exchanged(purpose, bytes);
    const digitBytes = purpose.digitBytes + chunkBytes;
    this.#account.exchanged({ ...purpose, digitBytes }, bytes);
  }
}

function requestHead(head: string): RequestHead {
  const [method = "", path = ""] = head.split(" ", 2);
  return { method, path, header: (name) => fieldOf(head, name) ?? undefined };
}

function beginsRequest(chunk: Buffer): boolean {
  return /^[A-Z]+ /.test(chunk.toString("latin1", 0, maxMethodLength));
}

/** Characters that tell which method a request has. */
const maxMethodLength = 16;
