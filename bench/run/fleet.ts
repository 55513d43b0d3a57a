import type { ClientFault } from "../../scenarios/fault.ts";
import type { Heartbeats } from "../../transports/heartbeats.ts";
import type { Returning, StoppingToRead } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import type { Dialled, LoadVerbs, StoppedReport, TrialParameters } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import { sum } from "../statistics/basics.ts";
import type { Host } from "./host.ts";
import { noEndpoint } from "./serving.ts";
import type { Endpoint } from "./serving.ts";

/** One load process and how many clients it holds. */
export interface Load {
  readonly remote: Remote<LoadVerbs>;
  clients: number;
  /** The number at which each of them found its channel. */
  readonly cursors: number[];
}

/** The clients to connect, and their channels. */
export interface Dialling {
  readonly clients: number;
  readonly channels: "shared" | "own";
  /** The number of the next message. */
  readonly nextSequence: number;
  /** See `Connecting`. */
  readonly heartbeats?: Heartbeats;
  readonly overMs?: number;
}

export interface DialledFleet {
  readonly dialled: readonly Dialled[];
  /** What stopped the next connection, as `causeOf` names it; null where nothing did. */
  readonly cause: string | null;
}

/** Further load processes are started as the descriptors of one run out, up to this many. */
export const maxLoads = 64;

/** Dials under way at once in one process: well below the kernel's accept backlog. */
const concurrency = 64;

/** The load processes of a trial, and how clients spread over them: one is filled after the other. */
export class Fleet implements AsyncDisposable {
  readonly loads: Load[] = [];
  /** Whether clients may be asked to come back; false at first. */
  mayComeBack = false;
  readonly #host: Host;
  readonly #parameters: TrialParameters;
  readonly #hasStarted: (remote: Remote<LoadVerbs>) => Promise<void>;
  #canary: Load | null = null;
  /** The fault that a script asked for; until then undefined, and the environment's is made. */
  #fault: ClientFault | null | undefined;
  #returning: Returning | null = null;
  /** Since they were reported last. */
  #haveStopped = false;
  #endpoint = noEndpoint;

  /** `hasStarted` is called with each load process once it knows the server, and is waited for. */
  constructor(
    host: Host,
    parameters: TrialParameters,
    hasStarted: (remote: Remote<LoadVerbs>) => Promise<void>,
  ) {
    this.#host = host;
    this.#parameters = parameters;
    this.#hasStarted = hasStarted;
  }

  /** A process for one more client that has nothing else to do; null where the scenario wants none. */
  get canary(): Load | null {
    return this.#canary;
  }

  /** Starts the first load process, and the canary where there is one. */
  open(hasCanary: boolean): void {
    this.loads.push(this.#opened("load 1"));
    if (hasCanary) this.#canary = this.#opened("canary");
  }

  async start(endpoint: Endpoint): Promise<void> {
    this.#endpoint = endpoint;
    await this.each((load) => this.#start(load));
  }

  /** The number of clients, without the canary. */
  get clients(): number {
    return sum(this.loads.map(({ clients }) => clients));
  }

  /** All processes with clients: the load processes, then the canary. */
  get holders(): readonly Load[] {
    return this.#canary === null ? this.loads : [...this.loads, this.#canary];
  }

  /** Asks all load processes and, last, the canary. */
  each<T>(ask: (load: Load, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.holders.map(ask));
  }

  /** Adds clients until there are `clients`, and the canary with the first of them. */
  async dial(dialling: Dialling): Promise<DialledFleet> {
    const canary = this.#canary;
    if (canary === null || canary.clients > 0) return this.#fill(dialling);
    // In the middle of the fleet, since a server that writes to one after another serves it so.
    const half = Math.ceil(dialling.clients / 2);
    const first = await this.#fill({ ...dialling, clients: half });
    if (first.cause !== null) return first;
    await this.#dialIn(canary, 1, dialling);
    const rest = await this.#fill(dialling);
    return { dialled: [...first.dialled, ...rest.dialled], cause: rest.cause };
  }

  /** Adds clients in further processes where one runs out of descriptors. */
  async #fill(dialling: Dialling): Promise<DialledFleet> {
    const dialled: Dialled[] = [];
    while (this.clients < dialling.clients) {
      const load = this.loads.at(-1);
      if (load === undefined) throw new Error("no load process");
      const added = await this.#dialIn(load, dialling.clients - this.clients, dialling);
      dialled.push(added);
      const [cause] = Object.keys(added.failures);
      if (cause === undefined) continue;
      const isFull = cause === "EMFILE" && load.clients > 0;
      if (!isFull || this.loads.length >= maxLoads) return { dialled, cause };
      await this.#add(dialling.nextSequence);
    }
    return { dialled, cause: null };
  }

  async #dialIn(load: Load, clients: number, dialling: Dialling): Promise<Dialled> {
    const { clients: _all, ...how } = dialling;
    const firstClient = load === this.#canary ? dialling.clients : this.clients;
    const dialled = await load.remote.call("connect", {
      ...how,
      clients,
      firstClient,
      concurrency,
    });
    load.clients += dialled.connected;
    load.cursors.push(...dialled.cursors);
    return dialled;
  }

  /** Ends the newest clients until `clients` are left; the canary's with the last of them. */
  async hangUp(clients: number): Promise<void> {
    for (const load of this.loads.toReversed()) {
      const left = Math.max(0, load.clients - Math.max(0, this.clients - clients));
      if (left < load.clients) await hangUpIn(load, left);
    }
    if (clients === 0 && this.#canary !== null) await hangUpIn(this.#canary, 0);
  }

  /** Makes a fault in all load processes, including those that are added later. */
  async fault(fault: ClientFault | null): Promise<void> {
    this.#fault = fault;
    await this.each(({ remote }) => remote.call("fault", { fault }));
  }

  /** Has clients come back, including those that are added later. */
  async comeBack(how: Returning | null): Promise<void> {
    this.#returning = how;
    await this.each(({ remote }) => remote.call("comeBack", { how }));
  }

  /** Of each load process, has a share of its clients stop reading; the canary goes on. */
  async stopReading(how: Required<StoppingToRead>): Promise<void> {
    this.#haveStopped = true;
    await Promise.all(this.loads.map(({ remote }) => remote.call("stopReading", how)));
  }

  /** What became of those that have stopped in this phase; empty where none have. */
  async stoppedReaders(): Promise<StoppedReport[]> {
    if (!this.#haveStopped) return [];
    this.#haveStopped = false;
    return Promise.all(this.loads.map(({ remote }) => remote.call("stoppedReaders", {})));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.each(async ({ remote }) => remote[Symbol.asyncDispose]());
  }

  #opened(name: string): Load {
    const remote = this.#host.at(this.loads.length).start("load", name);
    // While the server starts; what goes wrong is reported when the process itself does.
    remote.call("prepare", this.#parameters).catch(() => {});
    return { remote, clients: 0, cursors: [] };
  }

  async #start({ remote }: Load): Promise<void> {
    const { mayComeBack } = this;
    await remote.call("start", { ...this.#parameters, ...this.#endpoint, mayComeBack });
    await this.#hasStarted(remote);
  }

  async #add(firstSequence: number): Promise<void> {
    const load = this.#opened(`load ${this.loads.length + 1}`);
    this.loads.push(load);
    await this.#start(load);
    if (this.#fault !== undefined) await load.remote.call("fault", { fault: this.#fault });
    if (this.#returning !== null) await load.remote.call("comeBack", { how: this.#returning });
    await load.remote.call("begin", { firstSequence, startNs: nowNs() });
  }
}

async function hangUpIn(load: Load, left: number): Promise<void> {
  await load.remote.call("disconnect", { clients: left });
  load.clients = left;
  load.cursors.length = left;
}
