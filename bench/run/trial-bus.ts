import { randomBytes } from "node:crypto";
import type { BusName } from "../../transports/bus-names.ts";
import type { BusCounts } from "../bus/bus-end.ts";
import type { BrokerPlace } from "../bus/bus.ts";
import { forgetLog } from "../bus/user-broker.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { ProgramVerbs, ServerVerbs } from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import type { ProgramName } from "../programs/index.ts";
import type { Phase, Resources } from "../results/schema.ts";
import { atHost } from "./at-host.ts";
import type { Host } from "./host.ts";

/** The process that runs the broker. */
export const brokerName = "broker";

/** The program that is started for a bus; null where it needs none. */
export const programFor: Readonly<Record<BusName, ProgramName | null>> = {
  none: null,
  redis: "redis-server",
  "redis-streams": "redis-server",
  nats: "nats-server",
};

/** What carries messages between the servers of a trial: by the user's own broker, one that it starts, or none. */
export class TrialBus implements AsyncDisposable {
  readonly #trial: PlannedTrial;
  readonly #host: Host;
  /** Null where no broker is started. */
  readonly #broker: Remote<ProgramVerbs> | null;
  readonly #topic = `transport-bench-${randomBytes(4).toString("hex")}`;
  #version: string | null = null;
  /** Null before servers have joined, and without a broker. */
  #place: BrokerPlace | null = null;

  /** Null where one server serves alone. */
  static of(trial: PlannedTrial, host: Host): TrialBus | null {
    const { servers, bus, target } = trial;
    // The user's own have theirs.
    if (target !== null) return null;
    return servers === 1 && bus === "none" ? null : new TrialBus(trial, host);
  }

  private constructor(trial: PlannedTrial, host: Host) {
    this.#trial = trial;
    this.#host = host;
    const isStarted = programFor[trial.bus] !== null && trial.broker === null;
    this.#broker = isStarted ? host.start("program", brokerName) : null;
  }

  /** Resolves when the broker has ended by itself. */
  get ended(): Promise<ProcessEnded> {
    return this.#broker?.ended ?? new Promise<never>(() => {});
  }

  /** Resolves when each of the servers takes what any of them publishes. */
  async join(servers: readonly Remote<ServerVerbs>[]): Promise<void> {
    const { bus: kind } = this.#trial;
    if (kind !== "none") {
      const broker = await this.#brokerPlace();
      this.#place = broker;
      await Promise.all(servers.map((server) => server.call("joinBus", { kind, broker })));
      return;
    }
    const peers = await Promise.all(servers.map((server) => server.call("openBus", {})));
    await Promise.all(
      servers.map((server, index) =>
        server.call("joinBus", { kind, peers: peers.filter((_, peer) => peer !== index) }),
      ),
    );
  }

  /** Whether a server that joins late takes all that was published before. */
  get isLog(): boolean {
    return this.#trial.bus === "redis-streams";
  }

  /** Resolves when a server that takes another's place takes what any of `all` publishes, of which it is one. */
  async joinLate(server: Remote<ServerVerbs>, all: readonly Remote<ServerVerbs>[]): Promise<void> {
    const { bus: kind } = this.#trial;
    const broker = this.#place;
    if (kind === "none" || broker === null) return await this.join(all);
    await server.call("joinBus", { kind, broker });
  }

  async #brokerPlace(): Promise<BrokerPlace> {
    const { bus, broker, scenario } = this.#trial;
    const topic = this.#topic;
    if (broker !== null) {
      this.#version = broker.shown;
      return { url: broker.url, port: broker.port, topic };
    }
    const name = programFor[bus];
    if (name === null || this.#broker === null) throw new Error("the bus needs no broker");
    // Only where it is to come back does it keep anything.
    const outlives = scenario.failsBus === true;
    const [address = "127.0.0.1"] = await this.#host.serverAddresses(1);
    const { host, port, version } = await this.#broker.call("start", {
      name,
      as: "broker",
      outlives,
      host: address,
    });
    this.#version = version;
    const scheme = name === "nats-server" ? "nats" : "redis";
    return { url: `${scheme}://${host}:${port}`, port, topic };
  }

  /** Opens the window in which the broker's resources are counted. */
  async begin(): Promise<void> {
    await this.#broker?.call("begin", {});
  }

  /** Closes it; null where they can't be observed. */
  async end(): Promise<Resources | null> {
    const used = await this.#broker?.call("end", {});
    return used == null || this.#broker === null ? null : atHost(this.#broker, used);
  }

  async fail(how: { readonly forMs: number; readonly afterMs: number }): Promise<void> {
    if (this.#broker === null) throw new Error("no broker was started for this trial");
    await this.#broker.call("fail", how);
  }

  /** What it did in a phase. */
  phase({ bytes, ...counts }: BusCounts): NonNullable<Phase["bus"]> {
    const { bus: kind, servers } = this.#trial;
    const expected = counts.published * (kind === "none" ? servers - 1 : servers);
    return {
      kind,
      ...(this.#version !== null && { broker: this.#version }),
      servers,
      ...counts,
      expected,
      lost: Math.max(0, expected - counts.taken),
      bytesDown: bytes.down,
      bytesUp: bytes.up,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#broker?.[Symbol.asyncDispose]();
    const { bus, broker } = this.#trial;
    if (bus === "redis-streams" && broker !== null) await forgetLog(broker.url, this.#topic);
  }
}
