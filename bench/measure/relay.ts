import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { cycleOf } from "./periodic-traffic.ts";
import type { Cycle } from "./periodic-traffic.ts";
import { nowNs } from "./clock.ts";
import { listen, portOf } from "./listen.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { isHttp2 } from "../../transports/layers.ts";
import type { TlsClient, TlsServer } from "../layers/tls.ts";
import { TlsShare } from "./tls-share.ts";
import { RelayedConnection } from "./relayed-connection.ts";
import type { RelayedSession } from "./relayed-session.ts";
import type { Relayable } from "./relay-account.ts";
import { WireLedger } from "./wire-ledger.ts";
import type { Bytes, WireTotals } from "./wire-ledger.ts";

/** The server that a relay stands in front of. */
export interface RelayTarget {
  readonly host: string;
  readonly port: number;
  /** How it speaks TLS with clients, and as a client with the server; null without. */
  readonly tls: { readonly near: TlsServer; readonly far: TlsClient } | null;
}

/**
 * Stands in front of a server and counts every byte that crosses it. It adds latency, so it has no place in
 * a trial that tells how late messages are. What is encrypted it has to read, so it has TLS sessions of its own with both
 * sides, and counts those with the server.
 */
export class CountingRelay implements AsyncDisposable {
  readonly #target: RelayTarget;
  readonly #transport: Relayable;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<RelayedConnection | RelayedSession>();
  readonly #Relayed: typeof RelayedConnection | typeof RelayedSession;
  readonly #ledger = new WireLedger();
  readonly #total: Bytes = { down: 0, up: 0 };
  #beginMs = 0;

  /** Listens on a free port, the same on each of the addresses. */
  static async open(
    addresses: readonly string[],
    target: RelayTarget,
    transport: Relayable & Pick<BoundTransport, "layers">,
  ): Promise<CountingRelay> {
    // Only what needs HTTP/2 loads it.
    const Relayed = isHttp2(transport.layers)
      ? (await import("./relayed-session.ts")).RelayedSession
      : RelayedConnection;
    const relay = new CountingRelay(target, transport, Relayed);
    for (const address of addresses) {
      const options = { noDelay: true, allowHalfOpen: true };
      const server = createServer(options, (socket) => relay.#accept(socket));
      await listen(server, relay.port, address);
      relay.#servers.push(server);
    }
    return relay;
  }

  private constructor(
    target: RelayTarget,
    transport: Relayable,
    Relayed: typeof RelayedConnection | typeof RelayedSession,
  ) {
    this.#Relayed = Relayed;
    this.#target = target;
    this.#transport = transport;
  }

  /** 0 before it listens. */
  get port(): number {
    const [first] = this.#servers;
    return first === undefined ? 0 : portOf(first);
  }

  /** All clients are subscribed: what crosses from now on is no set-up. */
  settle(): void {
    for (const connection of this.#open) connection.settle();
  }

  /** Forgets what was periodic so far. */
  begin(): void {
    this.#beginMs = nowNs() / 1e6;
    for (const connection of this.#open) connection.begin();
  }

  /** What idle connections do periodically, and for how many milliseconds nothing has crossed them. */
  cycle(): { cycle: Cycle; quietMs: number } {
    const nowMs = nowNs() / 1e6;
    const traffic = [...this.#open].flatMap((connection) => connection.traffic ?? []);
    const lastMs = Math.max(
      this.#beginMs,
      ...traffic.flatMap((connection) => connection.lastMs ?? []),
    );
    return {
      cycle: cycleOf(traffic.map((connection) => connection.cycle(nowMs))),
      quietMs: nowMs - lastMs,
    };
  }

  totals(): WireTotals {
    for (const connection of this.#open) connection.countTls();
    return this.#ledger.totals({ ...this.#total });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #accept(client: Socket): void {
    const { host, port, tls } = this.#target;
    this.#sockets.add(client);
    client.once("close", () => this.#sockets.delete(client));
    const dial = (): Socket => {
      const server = connect({ host, port, noDelay: true, allowHalfOpen: true });
      this.#sockets.add(server);
      server.once("close", () => this.#sockets.delete(server));
      return server;
    };
    if (tls === null) {
      const server = dial();
      return this.#relay({ raw: client, stream: client }, { raw: server, stream: server }, null);
    }
    tls.near.accept(client, (stream) => {
      const server = dial();
      const far = { raw: server, stream: tls.far.over(server) };
      this.#relay({ raw: client, stream }, far, new TlsShare(server));
    });
  }

  #relay(near: Side, far: Side, share: TlsShare | null): void {
    const connection = new this.#Relayed(this.#ledger, this.#total, this.#transport, share);
    this.#open.add(connection);
    forward(near.stream, far.stream, (chunk) => connection.up(chunk));
    forward(far.stream, near.stream, (chunk) => connection.down(chunk));
    far.stream.once("end", () => connection.ended());
    endTogether(near, far);
    endTogether(far, near);
    far.raw.once("close", () => {
      connection.countTls();
      this.#open.delete(connection);
    });
  }
}

/** One side of a relayed connection, and what it runs on: the same without TLS. */
interface Side {
  readonly stream: Socket;
  readonly raw: Socket;
}

/** Passes on one piece at a time, so that one that came in a TLS record of its own goes on in one. */
function forward(from: Socket, to: Socket, seen: (chunk: Buffer) => void): void {
  from.on("data", (chunk: Buffer) => {
    seen(chunk);
    from.pause();
    to.write(chunk, () => from.resume());
  });
  from.once("end", () => to.end());
}

/** Passes the end of one side on to the other: a reset as a reset. */
function endTogether(side: Side, other: Side): void {
  side.stream.on("error", () => other.raw.resetAndDestroy());
  side.raw.once("close", () => other.stream.destroySoon());
}
