import { setTimeout } from "node:timers/promises";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Stopped } from "../../scenarios/scenario.ts";
import { checkClock } from "./clocks.ts";
import { nowNs } from "../measure/clock.ts";
import { urlAt } from "../measure/dialler.ts";
import type { LinkTotals } from "../network/link.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { hungUp, isSystemError } from "../processes/dial-all.ts";
import { sharedChannel } from "../processes/protocol.ts";
import type {
  Dialled,
  LoadVerbs,
  PublishingVerbs,
  Saturated,
  Setting,
} from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { ClockCheck, StandStill } from "../results/schema.ts";
import type { Host, Hosts } from "./host.ts";
import { servingFor, settingOf } from "./serving.ts";
import type { Endpoint, Serving } from "./serving.ts";
import { sum } from "../statistics/basics.ts";

/** One load process and how many clients it holds. */
export interface Load {
  readonly remote: Remote<LoadVerbs>;
  clients: number;
  /** The number at which each of them found its channel. */
  readonly cursors: number[];
}

/** Who is to be connected, and what to. */
export interface Dialling {
  readonly clients: number;
  readonly channels: "shared" | "own";
  /** The number of the next message. */
  readonly nextSequence: number;
}

/** Further load processes are started as the descriptors of one run out, up to this many. */
export const maxLoads = 64;

/** Dials under way at once in one process: well below the kernel's accept backlog. */
const concurrency = 64;

/** One to ask with and one to send with. */
const publishersPorts = 2;

/** The processes of one trial: one that publishes, and as many load processes as the clients need. */
export class Crew implements AsyncDisposable {
  readonly loads: Load[] = [];
  /** A process for one more client that has nothing else to do; null where the scenario wants none. */
  readonly canary: Load | null;
  readonly clocks: ClockCheck[] = [];
  /** Reads what has crossed the network of its own so far; null without one. */
  readonly link: (() => LinkTotals) | null;
  readonly #transport: BoundTransport;
  readonly #setting: Setting;
  readonly #serving: Serving;
  /** Of the clients. */
  readonly #host: Host;
  readonly #publishesAsClient: boolean;
  #endpoint: Endpoint = { addresses: [], port: 0, url: null };

  constructor(trial: PlannedTrial, hosts: Hosts) {
    this.#host = hosts.clients;
    this.#publishesAsClient = trial.target !== null;
    this.link = hosts.link;
    this.#transport = trial.variant.bound;
    this.#setting = settingOf(trial);
    this.#serving = servingFor(trial, hosts.servers);
    this.canary = null;
    try {
      this.#forkLoad();
      if (trial.scenario.canary === true) this.canary = this.#forked("canary");
    } catch (error) {
      // What has been started already would be nobody's to end.
      void this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Waits until each process has loaded what it needs; resolves with false when one has ended. */
  async loaded(): Promise<boolean> {
    const answers = await Promise.allSettled([
      this.server.call("clock", {}),
      ...this.holders.map(({ remote }) => remote.call("prepare", this.#setting)),
    ]);
    return answers.every(({ status }) => status === "fulfilled");
  }

  /** Has the first processes agree on a clock, a port and payloads. */
  async start(): Promise<void> {
    this.#endpoint = await this.#serving.start(this.#setting);
    const { name } = this.server;
    this.clocks.push(await checkClock(name, () => this.server.call("clock", {})));
    await this.eachLoad((load) => this.#startLoad(load));
  }

  /** What publishes: the server's own process, or one in front of the user's server. */
  get server(): Remote<PublishingVerbs> {
    return this.#serving.remote;
  }

  /** By which the server is asked, as in the header `Host`. */
  get authority(): string {
    const { url, addresses, port } = this.#endpoint;
    return (url === null ? urlAt(addresses[0] ?? "", port) : new URL(url)).host;
  }

  /** Without the canary. */
  get clients(): number {
    return sum(this.loads.map(({ clients }) => clients));
  }

  /** All that have clients: the load processes, then the canary. */
  get holders(): readonly Load[] {
    return this.canary === null ? this.loads : [...this.loads, this.canary];
  }

  /** Asks all load processes and, last, the canary. */
  eachLoad<T>(ask: (load: Load, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.holders.map(ask));
  }

  /** Adds clients until there are `clients`, and the canary with the first of them. */
  async dial(dialling: Dialling): Promise<{ dialled: Dialled[]; stopped: Stopped | null }> {
    const { canary } = this;
    if (canary === null || canary.clients > 0) return this.#dialFleet(dialling);
    // In the middle of the fleet, since a server that writes to one after another serves it so.
    const half = Math.ceil(dialling.clients / 2);
    const first = await this.#dialFleet({ ...dialling, clients: half });
    if (first.stopped !== null) return first;
    await this.#dialOne(canary, 1, dialling);
    const rest = await this.#dialFleet(dialling);
    return { dialled: [...first.dialled, ...rest.dialled], stopped: rest.stopped };
  }

  /** Adds clients in further processes where one runs out of descriptors. */
  async #dialFleet(dialling: Dialling): Promise<{ dialled: Dialled[]; stopped: Stopped | null }> {
    const dialled: Dialled[] = [];
    while (this.clients < dialling.clients) {
      const load = this.loads.at(-1);
      if (load === undefined) throw new Error("no load process");
      const one = await this.#dialOne(load, dialling.clients - this.clients, dialling);
      dialled.push(one);
      const [cause] = Object.keys(one.failures);
      if (cause === undefined) continue;
      const outOfDescriptors = cause === "EMFILE" && load.clients > 0;
      if (outOfDescriptors && this.loads.length < maxLoads) {
        await this.#addLoad(dialling.nextSequence);
      } else {
        await this.#leavePorts(cause);
        return { dialled, stopped: await this.#explain(cause) };
      }
    }
    return { dialled, stopped: null };
  }

  /** What publishes on the user's own server is a client itself, and may have to dial once more. */
  async #leavePorts(cause: string): Promise<void> {
    if (!this.#publishesAsClient || cause !== "EADDRNOTAVAIL") return;
    await this.hangUp(Math.max(0, this.clients - publishersPorts));
  }

  async #dialOne(load: Load, clients: number, dialling: Dialling): Promise<Dialled> {
    const { channels, nextSequence } = dialling;
    const firstClient = load === this.canary ? dialling.clients : this.clients;
    const dialled = await load.remote.call("connect", {
      clients,
      firstClient,
      channels,
      nextSequence,
      concurrency,
    });
    load.clients += dialled.connected;
    load.cursors.push(...dialled.cursors);
    return dialled;
  }

  /** Ends the newest clients until `clients` are left. */
  async hangUp(clients: number): Promise<void> {
    for (const load of this.loads.toReversed()) {
      const left = Math.max(0, load.clients - Math.max(0, this.clients - clients));
      if (left === load.clients) continue;
      await load.remote.call("disconnect", { clients: left });
      load.clients = left;
      load.cursors.length = left;
    }
    if (clients > 0 || this.canary === null) return;
    await this.canary.remote.call("disconnect", { clients: 0 });
    this.canary.clients = 0;
    this.canary.cursors.length = 0;
  }

  /** Lets time pass; rejects with `ProcessEnded` as soon as one of the processes has ended. */
  async idle(forMs: number): Promise<void> {
    const over = new AbortController();
    const remotes = [this.server, ...this.holders.map(({ remote }) => remote)];
    const ended = await Promise.race([
      setTimeout(forMs, null, { signal: over.signal }),
      ...remotes.map((remote) => remote.ended),
    ]);
    if (ended === null) return;
    over.abort();
    throw ended;
  }

  /** Of each process, the longest since its window was opened. */
  async standStills(): Promise<StandStill[]> {
    const ofServer = async (): Promise<StandStill> => ({
      process: this.server.name,
      ...(await this.server.call("standStill", {})),
    });
    const ofLoads = this.holders.map(async ({ remote }) => ({
      process: remote.name,
      ...(await remote.call("standStill", {})),
    }));
    return Promise.all([ofServer(), ...ofLoads]);
  }

  /** What waits in the kernel for the load processes to read it, in bytes; null where the system doesn't report it. */
  receiveQueueBytes(): Promise<number | null> {
    return this.#host.receiveQueueBytes(this.#endpoint.port);
  }

  /** The path of a poll that finds the newest message; null for a push transport. */
  async pollPath(): Promise<string | null> {
    const { polling } = this.#transport;
    if (polling === null) return null;
    const newest = await this.server.call("newest", {});
    return polling.path(sharedChannel, Math.max(0, newest - 1));
  }

  /** What the processes load for it is no work of theirs. Resolves with how many connections there can be. */
  async prepareSaturation(connections: number): Promise<number> {
    return (await this.loads[0]?.remote.call("prepareSaturation", { connections })) ?? 0;
  }

  async saturate(
    path: string,
    options: { connections: number; forMs: number },
  ): Promise<Saturated> {
    const [load] = this.loads;
    if (load === undefined) throw new Error("no load process");
    return load.remote.call("saturate", { path, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [this.#serving, ...this.holders.map(({ remote }) => remote)];
    await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
  }

  #forkLoad(): Load {
    const load = this.#forked(`load ${this.loads.length + 1}`);
    this.loads.push(load);
    return load;
  }

  #forked(name: string): Load {
    const remote = this.#host.start("load", name);
    // While the server starts; what goes wrong is reported when the process itself does.
    remote.call("prepare", this.#setting).catch(() => {});
    return { remote, clients: 0, cursors: [] };
  }

  async #startLoad(load: Load): Promise<void> {
    await load.remote.call("start", { ...this.#setting, ...this.#endpoint });
    const { remote } = load;
    this.clocks.push(await checkClock(remote.name, () => remote.call("clock", {})));
  }

  async #addLoad(firstSequence: number): Promise<void> {
    const load = this.#forkLoad();
    await this.#startLoad(load);
    await load.remote.call("begin", { firstSequence, startNs: nowNs() });
  }

  /** Which side it was that stopped the next connection, and why. */
  async #explain(cause: string): Promise<Stopped> {
    // A server without descriptors accepts and hangs up without a word; it has to be asked.
    const { exhausted, limit } = await this.server.call("descriptors", {});
    if (exhausted) {
      const files = limit === null ? "" : ` of ${limit}`;
      return {
        side: "server",
        cause: "EMFILE",
        explanation: `the server process has used up its file descriptors${files}`,
      };
    }
    return { ...(causes[cause] ?? otherCause(cause)), cause };
  }
}

const causes: Readonly<Record<string, Omit<Stopped, "cause">>> = {
  EMFILE: { side: "client", explanation: "the load processes have used up their file descriptors" },
  ENFILE: { side: "client", explanation: "the host has used up its file descriptors" },
  EADDRNOTAVAIL: {
    side: "client",
    explanation: "no ephemeral port is left for the server's address",
  },
  ENOBUFS: { side: "client", explanation: "the kernel has no memory left for sockets" },
  ECONNREFUSED: { side: "server", explanation: "nothing listens on the server's port any more" },
  ETIMEDOUT: {
    side: "server",
    explanation: "the server took longer than 10 s to accept and answer",
  },
  [hungUp]: { side: "server", explanation: "the server ended the connection before saying hello" },
};

function otherCause(cause: string): Omit<Stopped, "cause"> {
  return isSystemError(cause)
    ? { side: "client", explanation: `connecting failed with ${cause}` }
    : { side: "server", explanation: `the server answered with something unexpected: ${cause}` };
}
