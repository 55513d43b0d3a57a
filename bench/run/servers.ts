import type { ServerFault } from "../../scenarios/fault.ts";
import type {
  PublishingVerbs,
  SendRequest,
  SendResult,
  ServerEnd,
  ServerVerbs,
} from "../processes/protocol.ts";
import type { TrialParameters } from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import { atHost } from "./at-host.ts";
import { besideEachOther } from "./joined-ends.ts";
import type { ProcessStall } from "../results/schema.ts";
import type { Endpoint, Serving } from "./serving.ts";
import { SuccessiveServers } from "./successive-servers.ts";
import type { Restart, Restarting } from "./successive-servers.ts";
import type { TrialBus } from "./trial-bus.ts";

/**
 * The servers of a trial, side by side, each with its share of the clients. The first publishes, and a bus takes each
 * message to all of them.
 */
export class Servers implements AsyncDisposable {
  readonly #each: readonly SuccessiveServers[];
  readonly #first: SuccessiveServers;
  readonly #bus: TrialBus | null;

  /** `open` starts the one of this index; `bus` is null where one serves alone. */
  constructor(
    count: number,
    open: (index: number) => Serving,
    isRestartable: boolean,
    bus: TrialBus | null,
  ) {
    this.#first = new SuccessiveServers(() => open(0), isRestartable);
    const others = Array.from(
      { length: count - 1 },
      (_, index) => new SuccessiveServers(() => open(index + 1), isRestartable),
    );
    this.#each = [this.#first, ...others];
    this.#bus = bus;
  }

  /** The one that publishes: its own process, or one in front of the user's server. */
  get first(): Remote<PublishingVerbs> {
    return this.#first.remote;
  }

  get count(): number {
    return this.#each.length;
  }

  get isRestartable(): boolean {
    return this.#first.isRestartable;
  }

  /** The hosts on which they run, in their order; empty where there is one machine. */
  get hosts(): readonly string[] {
    return this.#each.flatMap(({ remote }) => remote.host ?? []);
  }

  /** The harness's own servers; throws where they are the user's. */
  get own(): Remote<ServerVerbs>[] {
    return this.#each.map((server) => server.own);
  }

  /** Restarts of the present phase. */
  get restarts(): readonly Restart[] {
    return this.#each.flatMap(({ restarts }) => restarts);
  }

  /** Resolves when one that serves now has ended by itself. */
  get ended(): Promise<ProcessEnded> {
    return Promise.race(this.#each.map(({ ended }) => ended));
  }

  /** Asks all that serve now, in their order. */
  ask<T>(question: (server: Remote<PublishingVerbs>) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#each.map(({ remote }) => question(remote)));
  }

  /** Waits until each process has loaded what it needs. */
  async loaded(): Promise<void> {
    await Promise.all(this.#each.map((server) => server.loaded()));
  }

  /** Resolves with where clients find all of them, in turns: the first address of each, then the second of each. */
  async start(parameters: TrialParameters): Promise<Endpoint> {
    const endpoints = await Promise.all(this.#each.map((server) => server.start(parameters)));
    const [first] = endpoints;
    if (first === undefined) throw new Error("no server");
    await this.#bus?.join(this.own);
    const rounds = Math.max(...endpoints.map(({ servers }) => servers.length));
    const servers = Array.from({ length: rounds }, (_, round) =>
      endpoints.flatMap((endpoint) => endpoint.servers[round] ?? []),
    ).flat();
    return { ...first, servers };
  }

  /** Waits until servers stand by that could take over, before anything is measured. */
  async prepare(): Promise<void> {
    await Promise.all(this.#each.map((server) => server.prepare()));
  }

  /** Opens the window of a phase. */
  async begin(window: Parameters<PublishingVerbs["begin"]>[0]): Promise<void> {
    await Promise.all(this.#each.map((server) => server.begin(window)));
  }

  /** Closes it: the counts of all that have served in it. */
  async end(): Promise<ServerEnd> {
    const ends = await Promise.all(this.#each.map((server) => server.end()));
    const deliveredBytes = ends.map(({ wire }) => wire && wire.parts.deliveries.down);
    return { ...besideEachOther(ends), deliveredBytes };
  }

  /** The longest of each that has served in the phase. */
  async longestStalls(): Promise<ProcessStall[]> {
    const stalls = this.#each.map(async (server) => {
      const longest = await server.longestStalls();
      const { remote } = server;
      return longest.map((stall) => atHost(remote, { process: remote.name, ...stall }));
    });
    return (await Promise.all(stalls)).flat();
  }

  /** Makes a fault, also in those that are still to come. */
  async fault(fault: ServerFault | null): Promise<void> {
    await Promise.all(this.#each.map((server) => server.fault(fault)));
  }

  /** Publishes on one schedule, whether or not servers change meanwhile. */
  publish(request: SendRequest): Promise<SendResult> {
    return this.#first.publish(request);
  }

  /** Resolves when clients can reach the one that takes the place of this server, counted from 0. */
  restart(
    place: number,
    restarting: Omit<Restarting, "which" | "bus" | "announce" | "joinBus">,
  ): Promise<void> {
    const bus = this.#bus;
    const server = this.#each[place];
    if (server === undefined) throw new Error(`there is no server ${place}`);
    // While the first is away nobody publishes, and a log has all that was.
    const isAnnounced = place > 0 && bus !== null && !bus.isLog;
    return server.restart({
      ...restarting,
      which: { place, of: this.count },
      bus,
      announce: isAnnounced ? (next) => bus.announce(next, this.#first.own) : null,
      joinBus: async (next) => {
        await bus?.joinLate(next, this.own);
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#each.map((server) => server[Symbol.asyncDispose]()));
  }
}
