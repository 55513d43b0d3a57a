import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { BusName } from "../../transports/bus-names.ts";
import { untakenOf } from "../bus/bus-books.ts";
import type { BusLoss, Untaken } from "../bus/bus-books.ts";
import type { BusCounts } from "../bus/bus-meter.ts";
import type { BusFates } from "../bus/lost-on-bus.ts";
import type { BrokerPlace } from "../bus/bus.ts";
import { forgetLog } from "../bus/user-broker.ts";
import { hasLog } from "../plan/plan.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { ProgramVerbs, ServerVerbs } from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import type { ProgramName } from "../programs/index.ts";
import type { Phase, Resources } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import { atHost } from "./at-host.ts";
import type { Host } from "./host.ts";
import { startProgram } from "./start-program.ts";

/** How long nothing more is taken until what is missing counts as lost, and how often that is looked at. */
const settleMs = 200;
const settleStepMs = 5;

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
  /** In the present phase. */
  #hasFailed = false;

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
    return hasLog(this.#trial);
  }

  /** Resolves when a server that takes another's place takes what any of `all` publishes, of which it is one. */
  async joinLate(server: Remote<ServerVerbs>, all: readonly Remote<ServerVerbs>[]): Promise<void> {
    const { bus: kind } = this.#trial;
    const broker = this.#place;
    if (kind === "none" || broker === null) return await this.join(all);
    await server.call("joinBus", { kind, broker });
  }

  /**
   * Has the one that publishes hand a server what it publishes, before that has joined; resolves with the number of its
   * last message before that.
   */
  async announce(server: Remote<ServerVerbs>, publisher: Remote<ServerVerbs>): Promise<number> {
    const peer = await server.call("openBus", {});
    return await publisher.call("joinBus", { kind: "none", peers: [peer] });
  }

  async #brokerPlace(): Promise<BrokerPlace> {
    const { bus, broker, scenario } = this.#trial;
    const topic = this.#topic;
    if (broker !== null) {
      this.#version = broker.shown;
      return { url: broker.url, port: broker.port, tlsName: broker.tlsName, topic };
    }
    const name = programFor[bus];
    if (name === null || this.#broker === null) throw new Error("the bus needs no broker");
    // Only where it is to come back does it keep anything.
    const outlives = scenario.failsBus === true;
    const [address = "127.0.0.1"] = await this.#host.serverAddresses(1);
    const { host, port, version } = await startProgram(this.#broker, {
      name,
      as: "broker",
      outlives,
      host: address,
    });
    this.#version = version;
    const scheme = name === "nats-server" ? "nats" : "redis";
    return { url: `${scheme}://${host}:${port}`, port, tlsName: null, topic };
  }

  /** Opens the window in which the broker's resources are counted. */
  async begin(): Promise<void> {
    this.#hasFailed = false;
    await this.#broker?.call("begin", {});
  }

  /** Closes it; null where they can't be observed. */
  async end(): Promise<Resources | null> {
    const used = await this.#broker?.call("end", {});
    return used == null || this.#broker === null ? null : atHost(this.#broker, used);
  }

  async fail(how: { readonly forMs: number; readonly afterMs: number }): Promise<void> {
    if (this.#broker === null) throw new Error("no broker was started for this trial");
    this.#hasFailed = true;
    await this.#broker.call("fail", how);
  }

  /** Waits until all servers have taken what was published, or take no more: some may have no client that waits for it. */
  async settled(servers: readonly Remote<ServerVerbs>[]): Promise<void> {
    const takers = this.#crossesPublisher ? servers.length : servers.length - 1;
    let before = -1;
    for (let idleMs = 0; idleMs < settleMs; idleMs += settleStepMs) {
      const each = await Promise.all(servers.map((server) => server.call("onBus", {})));
      const taken = sum(each.map((one) => one?.taken ?? 0));
      const sent = sum(each.map((one) => (one === null ? 0 : one.published - one.refused)));
      if (taken >= takers * sent) return;
      if (taken > before) idleMs = 0;
      before = taken;
      await setTimeout(settleStepMs);
    }
  }

  /** What was published in a phase and not taken by all servers that were to. */
  untaken({ books }: BusCounts): Untaken[] {
    return untakenOf(books, this.#crossesPublisher);
  }

  /** The same by what clients know it by, without what nobody can tell any more. */
  async losses(
    untaken: readonly Untaken[],
    servers: readonly Remote<ServerVerbs>[],
  ): Promise<BusLoss[]> {
    const publishers = [...new Set(untaken.map(({ publisher }) => publisher))];
    const named = publishers.map(async (publisher) => {
      const lost = untaken.filter((one) => one.publisher === publisher);
      const server = servers[lost[0]?.publishedBy ?? 0];
      const numbers = lost.map(({ number }) => number);
      const names = (await server?.call("published", { publisher, numbers })) ?? [];
      return lost.flatMap(({ isUnsent, servers }, index) => {
        const name = names[index] ?? null;
        return name === null ? [] : [{ ...name, isUnsent, servers }];
      });
    });
    return (await Promise.all(named)).flat();
  }

  /** The package by which servers share messages; null where that is the harness. */
  get #library(): string | null {
    const { variant, bus } = this.#trial;
    const needs = variant.bound.libraryBus(bus);
    return needs !== null && "packages" in needs ? needs.packages.join(", ") : null;
  }

  /** Whether a server gets by the bus what it publishes itself. */
  get #crossesPublisher(): boolean {
    return this.#trial.bus !== "none" && this.#library === null;
  }

  /** What it did in a phase; `deliveries` are missing for what it lost. */
  phase(
    { bytes, books: _known, ...counts }: BusCounts,
    untaken: readonly Untaken[],
    deliveries: BusFates,
  ): NonNullable<Phase["bus"]> {
    const { bus: kind, servers } = this.#trial;
    const expected = counts.published * (this.#crossesPublisher ? servers : servers - 1);
    return {
      kind,
      ...(this.#library !== null && { library: this.#library }),
      ...(this.#version !== null && { broker: this.#version }),
      servers,
      ...counts,
      expected,
      lost: sum(untaken.map((one) => one.servers.length)),
      deliveries: { ...deliveries },
      ...(this.#hasFailed && { failed: true as const }),
      bytesDown: bytes.down,
      bytesUp: bytes.up,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#broker?.[Symbol.asyncDispose]();
    const { bus, broker } = this.#trial;
    if (bus === "redis-streams" && broker !== null) await forgetLog(broker, this.#topic);
  }
}
