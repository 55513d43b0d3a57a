import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { cycleOf } from "./periodic-traffic.ts";
import type { Cycle } from "./periodic-traffic.ts";
import { nowNs } from "./clock.ts";
import { listen, portOf } from "./listen.ts";
import { RelayedConnection } from "./relayed-connection.ts";
import type { Relayable } from "./relayed-connection.ts";
import { WireLedger } from "./wire-ledger.ts";
import type { Bytes, WireTotals } from "./wire-ledger.ts";

/**
 * Stands in front of a server and counts every byte that crosses it. It adds latency, so it has no place in
 * a trial that tells how late messages are.
 */
export class CountingRelay implements AsyncDisposable {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #transport: Relayable;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<RelayedConnection>();
  readonly #ledger = new WireLedger();
  readonly #total: Bytes = { down: 0, up: 0 };
  #beginMs = 0;

  /** Listens on a free port, the same on each of the addresses. */
  static async open(
    addresses: readonly string[],
    target: { readonly host: string; readonly port: number },
    transport: Relayable,
  ): Promise<CountingRelay> {
    const relay = new CountingRelay(target, transport);
    for (const address of addresses) {
      const options = { noDelay: true, allowHalfOpen: true };
      const server = createServer(options, (socket) => relay.#accept(socket));
      await listen(server, relay.port, address);
      relay.#servers.push(server);
    }
    return relay;
  }

  private constructor(
    target: { readonly host: string; readonly port: number },
    transport: Relayable,
  ) {
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
    return this.#ledger.totals({ ...this.#total });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #accept(client: Socket): void {
    const server = connect({ ...this.#target, noDelay: true, allowHalfOpen: true });
    const connection = new RelayedConnection(this.#ledger, this.#total, this.#transport);
    this.#open.add(connection);
    client.on("data", (chunk) => connection.up(chunk)).pipe(server);
    server.on("data", (chunk) => connection.down(chunk)).pipe(client);
    server.once("end", () => connection.ended());
    this.#endTogether(client, server);
    this.#endTogether(server, client);
    client.once("close", () => this.#open.delete(connection));
  }

  /** Passes the end of one side on to the other: a reset as a reset. */
  #endTogether(side: Socket, other: Socket): void {
    this.#sockets.add(side);
    side.on("error", () => other.resetAndDestroy());
    side.once("close", () => {
      this.#sockets.delete(side);
      other.destroySoon();
    });
  }
}
