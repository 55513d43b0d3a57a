import type { BoundTransport } from "../../transports/define-transport.ts";
import type { AnsweredPoll, Direction, HeartbeatCounter } from "../../transports/classify.ts";
import type { ExtraPart, WirePart } from "../../transports/wire-parts.ts";
import { noBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { nowNs } from "./clock.ts";
import { PeriodicTraffic } from "./periodic-traffic.ts";
import type { TlsShare } from "./tls-share.ts";
import type { Bytes, WireLedger } from "./wire-ledger.ts";

/** The part of a transport that a relay has to know. */
export type Relayable = Pick<BoundTransport, "delivery" | "classify" | "heartbeatsIn">;

/** The bytes of one relayed connection, in whatever version of HTTP it is. */
export class RelayAccount {
  readonly traffic: PeriodicTraffic = new PeriodicTraffic();
  readonly ledger: WireLedger;
  readonly #total: Bytes;
  readonly #transport: Relayable;
  readonly #tls: TlsShare | null;
  readonly #heartbeats: Readonly<Record<Direction, HeartbeatCounter>> | null;
  /** What TLS has added to pieces that nobody has had attributed. */
  readonly #around: Bytes = { down: 0, up: 0 };
  /** Whether whoever wanted to connect is subscribed. */
  isSettled = false;

  /** Adds to `ledger`, and all bytes to `total`. */
  constructor(ledger: WireLedger, total: Bytes, transport: Relayable, tls: TlsShare | null) {
    this.ledger = ledger;
    this.#total = total;
    this.#transport = transport;
    this.#tls = tls;
    const { heartbeatsIn } = transport;
    this.#heartbeats =
      heartbeatsIn === null ? null : { down: heartbeatsIn("down"), up: heartbeatsIn("up") };
    ledger.connections += 1;
  }

  /** A piece has crossed. */
  count(direction: Direction, { length }: Buffer): void {
    const around = this.#tls?.around(direction, length) ?? 0;
    this.#around[direction] += around;
    this.#total[direction] += length + around;
  }

  /** What TLS has added since the last time. */
  takeAround(direction: Direction): number {
    const around = this.#around[direction];
    this.#around[direction] = 0;
    return around;
  }

  /** Counts what TLS has taken by itself since the last time. */
  countTls(): void {
    const { down, up } = this.#tls?.take() ?? noBytes;
    this.ledger.add("tlsHandshakes", down, up);
    this.#total.down += down;
    this.#total.up += up;
  }

  /** Attributes `carried` bytes of a stream of deliveries, in which `piece` has come. */
  streamed(direction: Direction, carried: number, piece: Buffer): void {
    const bytes = carried + this.takeAround(direction);
    const counted = this.#heartbeats?.[direction](piece) ?? 0;
    // Frames and records belong to the messages in them, if there are any.
    const heartbeats = counted > 0 && counted === piece.length ? bytes : counted;
    const more = (part: WirePart, some: number): void =>
      direction === "down" ? this.ledger.add(part, some, 0) : this.ledger.add(part, 0, some);
    if (this.isSettled) {
      more("heartbeats", heartbeats);
      more("deliveries", bytes - heartbeats);
    } else more("setUp", bytes);
    const [down, up] = direction === "down" ? [bytes, 0] : [0, bytes];
    this.traffic.record(nowNs() / 1e6, down, up);
  }

  /** Attributes a whole exchange. */
  exchanged(purpose: ExtraPart | AnsweredPoll, { down, up }: WireBytes): void {
    // Those of polling clients are counted by what they were for.
    if (this.#transport.delivery === "push") this.ledger.requests += 1;
    if (typeof purpose === "object") return this.ledger.attributePoll(purpose, down, up);
    this.ledger.attribute(purpose, down, up);
    if (purpose === "emptyPolls") this.traffic.record(nowNs() / 1e6, down, up);
  }
}
