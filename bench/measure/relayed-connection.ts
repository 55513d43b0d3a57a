import type { BoundTransport } from "../../transports/define-transport.ts";
import type {
  AnsweredPoll,
  AnswerReader,
  Direction,
  RequestHead,
  HeartbeatCounter,
} from "../../transports/classify.ts";
import type { ExtraPart, WirePart } from "../../transports/wire-parts.ts";
import { PeriodicTraffic } from "./periodic-traffic.ts";
import { nowNs } from "./clock.ts";
import { HttpReader, fieldOf } from "./http-reader.ts";
import type { HttpMessage } from "./http-reader.ts";
import type { Bytes, WireLedger } from "./wire-ledger.ts";

/** The part of a transport that a relay has to know. */
export type Relayable = Pick<BoundTransport, "delivery" | "classify" | "heartbeatsIn">;

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
  readonly #ledger: WireLedger;
  readonly #total: Bytes;
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
      this.#asked.push(request);
      this.#pair();
    },
  });
  readonly #answers = new HttpReader({
    head: () => (this.#reader = this.#readers.shift()),
    body: (piece) => this.#reader?.body(piece),
    complete: (answer) => this.#complete(answer),
  });
  readonly #traffic = new PeriodicTraffic();
  readonly #heartbeats: Readonly<Record<Direction, HeartbeatCounter>> | null;
  #isStream: boolean;
  #hasBegun = false;
  /** Bytes of requests that aren't complete. */
  #pendingUp = 0;
  #isSettled = false;

  /** Adds to `ledger`, and all bytes to `total`. */
  constructor(ledger: WireLedger, total: Bytes, transport: Relayable) {
    this.#ledger = ledger;
    this.#total = total;
    this.#transport = transport;
    this.#isStream = transport.classify === null;
    const { heartbeatsIn } = transport;
    this.#heartbeats =
      heartbeatsIn === null ? null : { down: heartbeatsIn("down"), up: heartbeatsIn("up") };
    ledger.connections += 1;
  }

  /** Whoever wanted to connect is subscribed. */
  settle(): void {
    this.#isSettled = true;
  }

  /** Forgets the periodic traffic so far. */
  begin(): void {
    this.#traffic.reset();
  }

  /** The periodic traffic of this connection; null where there can be none, since messages go up on it. */
  get traffic(): PeriodicTraffic | null {
    const isSubscription = this.#transport.delivery === "pull" || this.#isStream;
    return isSubscription ? this.#traffic : null;
  }

  up(chunk: Buffer): void {
    this.#total.up += chunk.length;
    this.#pendingUp += chunk.length;
    if (!this.#isStream) this.#requests.read(chunk);
    else if (!this.#hasBegun && beginsRequest(chunk)) this.#ledger.requests += 1;
    this.#hasBegun = true;
    // By what has been read, it may have become one.
    if (!this.#isStream) return;
    this.#streamed("up", this.#pendingUp, this.#heartbeats?.up(chunk));
    this.#pendingUp = 0;
  }

  down(chunk: Buffer): void {
    this.#total.down += chunk.length;
    if (this.#isStream) this.#streamed("down", chunk.length, this.#heartbeats?.down(chunk));
    else this.#answers.read(chunk);
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
    this.#ledger.requests += 1;
  }

  #streamed(direction: Direction, bytes: number, heartbeats = 0): void {
    const more = (part: WirePart, some: number): void =>
      direction === "down" ? this.#ledger.add(part, some, 0) : this.#ledger.add(part, 0, some);
    if (this.#isSettled) {
      more("heartbeats", heartbeats);
      more("deliveries", bytes - heartbeats);
    } else more("setUp", bytes);
    const [down, up] = direction === "down" ? [bytes, 0] : [0, bytes];
    this.#traffic.record(nowNs() / 1e6, down, up);
  }

  #complete(answer: HttpMessage): void {
    // Nobody has asked for it.
    if (this.#reader === undefined) return;
    const [, status] = answer.head.split(" ", 2);
    const purpose = this.#reader.purpose({
      status: Number(status),
      header: (name) => fieldOf(answer.head, name) ?? undefined,
    });
    this.#answered.push({ ...answer, purpose });
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
    const ledger = this.#ledger;
    // Those of polling clients are counted by what they were for.
    if (this.#transport.delivery === "push") ledger.requests += 1;
    if (typeof purpose === "object") {
      const digitBytes = purpose.digitBytes + chunkBytes;
      return ledger.attributePoll({ ...purpose, digitBytes }, down, up);
    }
    ledger.attribute(purpose, down, up);
    if (purpose === "emptyPolls") this.#traffic.record(nowNs() / 1e6, down, up);
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
