import type { ClientFault } from "../../scenarios/fault.ts";
import type { Heartbeats } from "../../transports/heartbeats.ts";
import type { Returning, StoppingToRead } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import type {
  Channels,
  Dialled,
  LoadVerbs,
  StoppedReport,
  TrialParameters,
} from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import { sum } from "../statistics/basics.ts";
import type { BrowserName } from "../../transports/browser-names.ts";
import type { Host } from "./host.ts";
import { TrialBrowser } from "./trial-browser.ts";
import { maxLoads } from "./load-count.ts";
import { noEndpoint } from "./serving.ts";
import type { Endpoint } from "./serving.ts";
import { cutRanges, freeNumbers, spreadEvenly } from "./spread.ts";
import type { NumberRange } from "./spread.ts";

/** One load process and how many clients it holds. */
export interface Load {
  readonly remote: Remote<LoadVerbs>;
  /** The browser in which its clients live; null where they live in the process. */
  readonly browser: TrialBrowser | null;
  clients: number;
  /** The most that it can hold, once it has run out of descriptors. */
  most: number;
  /** The number of each of them; from 0 without gaps over all processes, so long as none is refused. */
  readonly numbers: number[];
  /** The number at which each of them found its channel. */
  readonly cursors: number[];
}

/** The clients to connect, and their channels. */
export interface Dialling {
  readonly clients: number;
  readonly channels: Channels;
  /** See `Connecting`. */
  readonly serverCount?: number;
  /** See `ConnectOptions`. */
  readonly prompts?: true;
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

/** Dials under way at once, over all processes: well below the kernel's accept backlog. */
const concurrency = 64;

/** Of one process: fewer, and it would do no more than wait for its turn. */
const minConcurrency = 16;

/** The load processes of a trial, and how clients spread over them: evenly, dialled side by side. */
export class Fleet implements AsyncDisposable {
  readonly loads: Load[] = [];
  /** Whether clients may be asked to come back; false at first. */
  mayComeBack = false;
  readonly #host: Host;
  readonly #parameters: TrialParameters;
  readonly #browser: BrowserName | null;
  readonly #hasStarted: (remote: Remote<LoadVerbs>) => Promise<void>;
  #canary: Load | null = null;
  /** The fault that a script asked for; until then undefined, and the environment's is made. */
  #fault: ClientFault | null | undefined;
  #returning: Returning | null = null;
  /** Since they were reported last. */
  #haveStopped = false;
  #endpoint = noEndpoint;

  /** Clients live in the `browser`, of which each process has one. `hasStarted` is called with each load process once it knows the server, and is waited for. */
  constructor(
    host: Host,
    parameters: TrialParameters,
    browser: BrowserName | null,
    hasStarted: (remote: Remote<LoadVerbs>) => Promise<void>,
  ) {
    this.#host = host;
    this.#parameters = parameters;
    this.#browser = browser;
    this.#hasStarted = hasStarted;
  }

  /** A process for one more client that has nothing else to do; null where the scenario wants none. */
  get canary(): Load | null {
    return this.#canary;
  }

  /** Starts so many load processes, and the canary where there is one. */
  open(loads: number, hasCanary: boolean): void {
    for (let opened = 0; opened < loads; opened += 1) this.#open();
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

  /** The browsers in which clients live. */
  get browsers(): readonly TrialBrowser[] {
    return this.holders.flatMap(({ browser }) => browser ?? []);
  }

  /** The hosts on which they run; empty where there is one machine. */
  get hosts(): readonly string[] {
    return [...new Set(this.holders.flatMap(({ remote }) => remote.host ?? []))];
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
    await dialIn(canary, { first: dialling.clients, count: 1 }, dialling, 1);
    const rest = await this.#fill(dialling);
    return { dialled: [...first.dialled, ...rest.dialled], cause: rest.cause };
  }

  /** Adds clients, in further processes where descriptors run out. */
  async #fill(dialling: Dialling): Promise<DialledFleet> {
    const all: Dialled[] = [];
    while (this.clients < dialling.clients) {
      const wanted = this.#spread(dialling.clients);
      if (sum(wanted) === this.clients) {
        if (this.loads.length >= maxLoads) return { dialled: all, cause: "EMFILE" };
        await this.#add(dialling.nextSequence, dialling.clients - this.clients);
        continue;
      }
      const dialled = await this.#dialTo(wanted, dialling);
      all.push(...dialled);
      const causes = dialled.flatMap(({ failures }) => Object.keys(failures));
      const cause = causes.find((one) => one !== "EMFILE");
      if (cause !== undefined) return { dialled: all, cause };
      // A process that can't have a single client is no help, and nor are others like it.
      if (causes.length > 0 && this.loads.some(({ most }) => most === 0)) {
        return { dialled: all, cause: "EMFILE" };
      }
    }
    return { dialled: all, cause: null };
  }

  #spread(clients: number): number[] {
    const present = this.loads.map((load) => load.clients);
    return spreadEvenly(
      present,
      clients,
      this.loads.map(({ most }) => most),
    );
  }

  /** Has all load processes dial side by side until each holds so many, or what is dialled fails. */
  async #dialTo(wanted: readonly number[], dialling: Dialling): Promise<Dialled[]> {
    const added = this.loads.map(({ clients }, index) => (wanted[index] ?? 0) - clients);
    const taken = new Set(this.holders.flatMap(({ numbers }) => numbers));
    const lots = cutRanges(freeNumbers(taken, sum(added)), added);
    const diallers = added.filter((clients) => clients > 0).length;
    const atOnce = Math.max(minConcurrency, Math.ceil(concurrency / diallers));
    const dialled = this.loads.map(async (load, index) => {
      const parts: Dialled[] = [];
      for (const range of lots[index] ?? []) {
        const part = await dialIn(load, range, dialling, atOnce);
        parts.push(part);
        const [cause] = Object.keys(part.failures);
        if (cause === "EMFILE") load.most = load.clients;
        if (cause !== undefined) break;
      }
      return parts;
    });
    return (await Promise.all(dialled)).flat();
  }

  /** Ends the newest clients of each process until `clients` are left in all; the canary's with the last of them. */
  async hangUp(clients: number): Promise<void> {
    const left = this.#spread(Math.min(clients, this.clients));
    await Promise.all(
      this.loads.map(async (load, index) => {
        const kept = left[index] ?? 0;
        if (kept < load.clients) await hangUpIn(load, kept);
      }),
    );
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
    await Promise.all(this.browsers.map((browser) => browser[Symbol.asyncDispose]()));
  }

  #opened(name: string): Load {
    const host = this.#host.at(this.loads.length);
    const browser = this.#browser === null ? null : new TrialBrowser(this.#browser, host, name);
    const remote = host.start("load", name);
    // While the server starts; what goes wrong is reported when the process itself does.
    remote.call("prepare", this.#parameters).catch(() => {});
    const most = Number.POSITIVE_INFINITY;
    return { remote, browser, clients: 0, most, numbers: [], cursors: [] };
  }

  #open(): Load {
    const load = this.#opened(`load ${this.loads.length + 1}`);
    this.loads.push(load);
    return load;
  }

  async #start({ remote, browser }: Load): Promise<void> {
    const { mayComeBack } = this;
    await remote.call("start", {
      ...this.#parameters,
      ...this.#endpoint,
      mayComeBack,
      ...(browser !== null && { browser: await browser.place }),
    });
    await this.#hasStarted(remote);
  }

  /** Starts as many further processes as so many clients need who find no descriptors in those that there are. */
  async #add(firstSequence: number, clients: number): Promise<void> {
    const most = Math.max(...this.loads.map((load) => load.most));
    const wanted = Math.min(Math.ceil(clients / most), maxLoads - this.loads.length);
    const added = Array.from({ length: wanted }, () => this.#open());
    const [fault, how] = [this.#fault, this.#returning];
    await Promise.all(
      added.map(async (load) => {
        await this.#start(load);
        if (fault !== undefined) await load.remote.call("fault", { fault });
        if (how !== null) await load.remote.call("comeBack", { how });
        await load.remote.call("begin", { firstSequence, startNs: nowNs() });
      }),
    );
  }
}

/** Dials clients of consecutive numbers in one process. */
async function dialIn(
  load: Load,
  { first: firstClient, count: clients }: NumberRange,
  { clients: _all, ...how }: Dialling,
  concurrency: number,
): Promise<Dialled> {
  const request = { ...how, clients, firstClient, concurrency };
  const dialled = await load.remote.call("connect", request);
  const skipped = new Set(dialled.skipped);
  for (let place = 0; place < dialled.connected + skipped.size; place += 1) {
    if (!skipped.has(place)) load.numbers.push(firstClient + place);
  }
  load.clients += dialled.connected;
  load.cursors.push(...dialled.cursors);
  return dialled;
}

async function hangUpIn(load: Load, left: number): Promise<void> {
  await load.remote.call("disconnect", { clients: left });
  load.clients = left;
  load.numbers.length = left;
  load.cursors.length = left;
}
