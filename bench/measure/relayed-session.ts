import type { AnswerReader, Direction, RequestHead } from "../../transports/classify.ts";
import type { Bytes, WireLedger } from "./wire-ledger.ts";
import { nowNs } from "./clock.ts";
import { Http2Reader } from "./http2-reader.ts";
import type { Frame } from "./http2-reader.ts";
import type { PeriodicTraffic } from "./periodic-traffic.ts";
import { RelayAccount } from "./relay-account.ts";
import type { Relayable } from "./relay-account.ts";
import type { TlsShare } from "./tls-share.ts";

/** A request and its answer. */
interface Exchange {
  /** Null for a stream of deliveries. */
  readonly reader: AnswerReader | null;
  /** What has crossed in its frames and isn't attributed yet. */
  readonly bytes: Bytes;
  /** The fields of the answer's head. */
  answer: ReadonlyMap<string, string>;
  isAsked: boolean;
  isAnswered: boolean;
}

/**
 * The same as `RelayedConnection` for HTTP/2: each frame belongs to an exchange. Those of the connection are its set-up
 * until it is settled. After that, pings are heartbeats, and what else there is, such as flow control, belongs to what
 * is counted next.
 */
export class RelayedSession {
  readonly #account: RelayAccount;
  readonly #transport: Relayable;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #readers: Readonly<Record<Direction, Http2Reader>> = {
    down: new Http2Reader((frame) => this.#take("down", frame)),
    up: new Http2Reader((frame) => this.#take("up", frame)),
  };
  /** Of the connection, for what is counted next. */
  readonly #waiting: Bytes = { down: 0, up: 0 };

  constructor(ledger: WireLedger, total: Bytes, transport: Relayable, tls: TlsShare | null = null) {
    this.#account = new RelayAccount(ledger, total, transport, tls);
    this.#transport = transport;
  }

  settle(): void {
    this.#account.isSettled = true;
  }

  begin(): void {
    this.#account.traffic.reset();
  }

  get traffic(): PeriodicTraffic {
    return this.#account.traffic;
  }

  up(chunk: Buffer): void {
    this.#account.count("up", chunk);
    this.#readers.up.read(chunk);
  }

  down(chunk: Buffer): void {
    this.#account.count("down", chunk);
    this.#readers.down.read(chunk);
  }

  /** What isn't complete stays under way. */
  ended(): void {}

  countTls(): void {
    this.#account.countTls();
  }

  #take(direction: Direction, frame: Frame): void {
    if (direction === "up" && frame.kind === "fields") this.#ask(frame);
    const exchange = this.#exchanges.get(frame.stream);
    if (exchange === undefined) return this.#takeOfConnection(direction, frame);
    if (exchange.reader === null) {
      const bytes = frame.bytes + this.#takeWaiting(direction);
      this.#account.streamed(direction, bytes, frame.body);
    } else this.#takeOf(exchange, exchange.reader, direction, frame);
    if (direction === "down" && frame.isLast && exchange.reader === null) {
      this.#exchanges.delete(frame.stream);
    }
  }

  #ask({ stream, fields }: Frame): void {
    // Trailers have no path.
    if (this.#exchanges.has(stream) || !fields.has(":path")) return;
    const reader = this.#transport.classify?.(requestHead(fields)) ?? null;
    if (reader === null) this.#account.ledger.requests += 1;
    const bytes = { down: 0, up: 0 };
    const answer = new Map<string, string>();
    this.#exchanges.set(stream, { reader, bytes, answer, isAsked: false, isAnswered: false });
  }

  #takeOfConnection(direction: Direction, { kind, bytes }: Frame): void {
    const isPing = kind === "ping";
    if (this.#account.isSettled && !isPing) return void (this.#waiting[direction] += bytes);
    const whole = bytes + this.#account.takeAround(direction);
    const part = this.#account.isSettled ? "heartbeats" : "setUp";
    const [down, up] = direction === "down" ? [whole, 0] : [0, whole];
    this.#account.ledger.add(part, down, up);
    if (isPing) this.#account.traffic.record(nowNs() / 1e6, down, up);
  }

  #takeOf(exchange: Exchange, reader: AnswerReader, direction: Direction, frame: Frame): void {
    exchange.bytes[direction] += frame.bytes + this.#account.takeAround(direction);
    if (direction === "up") exchange.isAsked ||= frame.isLast;
    else {
      if (frame.kind === "body") reader.body(frame.body);
      // The last of several heads: interim answers come before, and trailers have no status.
      if (frame.fields.has(":status")) exchange.answer = frame.fields;
      exchange.isAnswered ||= frame.isLast;
    }
    if (!exchange.isAsked || !exchange.isAnswered) return;
    this.#exchanges.delete(frame.stream);
    const { answer } = exchange;
    const status = Number(answer.get(":status"));
    const purpose = reader.purpose({ status, header: (name) => answer.get(name) });
    this.#account.exchanged(purpose, {
      down: exchange.bytes.down + this.#takeWaiting("down"),
      up: exchange.bytes.up + this.#takeWaiting("up"),
    });
  }

  #takeWaiting(direction: Direction): number {
    const waiting = this.#waiting[direction];
    this.#waiting[direction] = 0;
    return waiting;
  }
}

function requestHead(fields: ReadonlyMap<string, string>): RequestHead {
  return {
    method: fields.get(":method") ?? "",
    path: fields.get(":path") ?? "",
    header: (name) => fields.get(name),
  };
}
