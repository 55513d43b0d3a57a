import type { ServerFault } from "../../scenarios/fault.ts";
import { nowNs } from "../measure/clock.ts";
import type {
  NetworkVerbs,
  PublishingVerbs,
  Retired,
  SendRequest,
  SendResult,
  ServerEnd,
  ServerVerbs,
  Stretch,
  TrialParameters,
} from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import type { InTurns } from "../network/stream-relay.ts";
import type { Stall } from "../measure/stall-detector.ts";
import { mergeHistograms } from "../measure/histogram.ts";
import { endAtHost } from "./at-host.ts";
import { joinedEnds } from "./joined-ends.ts";
import type { Endpoint, Serving } from "./serving.ts";
import type { TrialBus } from "./trial-bus.ts";

/** When a server was ended, and when clients could reach the next one. Nanoseconds on the clock that all share. */
export interface Restart {
  readonly endedNs: number;
  readonly servedNs: number;
  /** See `ServerEnd`; empty until the phase has ended. */
  readonly cpuCourseMs: readonly number[];
}

/** What a restart takes from the trial around it. */
export interface Restarting {
  readonly network: Remote<NetworkVerbs>;
  readonly which: InTurns;
  /** Null where one server serves alone. */
  readonly bus: TrialBus | null;
  /**
   * Has the others hand the next one what they publish, before it serves; resolves with the number of the last message
   * before that on the channel that all clients share. Null where it has to be asked of the one that was ended.
   */
  readonly announce: ((next: Remote<ServerVerbs>) => Promise<number>) | null;
  /** Has the next one publish to all, and take what others publish. */
  readonly joinBus: (next: Remote<ServerVerbs>) => Promise<void>;
  readonly downMs: number;
  /** For how long its clients are asked to go before that. */
  readonly graceMs: number;
  /** Lets time pass; rejects when a process has ended. */
  readonly idle: (forMs: number) => Promise<void>;
  readonly checkClock: (server: Remote<PublishingVerbs>) => Promise<void>;
}

const notOurs = "the user's own server can't be restarted";

/**
 * Servers that serve one after the other: a script may have one ended, in whose place another serves then. That one is
 * started ahead of time, since loading it would be work in a phase that is measured.
 */
export class SuccessiveServers implements AsyncDisposable {
  readonly isRestartable: boolean;
  readonly #open: () => Serving;
  #parameters: TrialParameters | null = null;
  #serving: Serving;
  #next: Serving | null = null;
  readonly #ended = new Set<Serving>();
  /** What the present phase has had so far. */
  #retired: Retired[] = [];
  #restarts: Restart[] = [];
  #begunNs = 0;
  #window: Parameters<PublishingVerbs["begin"]>[0] = { measured: false };
  /** The fault that a script asked for; until then undefined, and the environment's is made. */
  #fault: ServerFault | null | undefined;
  /** The latest restart, which may be under way. */
  #restart: Promise<void> = Promise.resolve();

  constructor(open: () => Serving, isRestartable: boolean) {
    this.#open = open;
    this.isRestartable = isRestartable;
    this.#serving = open();
    if (isRestartable) this.#next = open();
  }

  /** The one that serves now: its own process, or one in front of the user's server. */
  get remote(): Remote<PublishingVerbs> {
    return this.#serving.remote;
  }

  /** The harness's own server; throws where it is the user's. */
  get own(): Remote<ServerVerbs> {
    const { own } = this.#serving;
    if (own === null) throw new Error(notOurs);
    return own;
  }

  /** Restarts of the present phase. */
  get restarts(): readonly Restart[] {
    return this.#restarts;
  }

  /** Resolves when the one that serves now has ended by itself. */
  get ended(): Promise<ProcessEnded> {
    const serving = this.#serving;
    return serving.remote.ended.then((end) =>
      this.#ended.has(serving) ? new Promise<never>(() => {}) : end,
    );
  }

  /** Waits until each process has loaded what it needs. */
  async loaded(): Promise<void> {
    await Promise.all(this.#all.map(({ remote }) => remote.call("clock", {})));
  }

  start(parameters: TrialParameters): Promise<Endpoint> {
    this.#parameters = parameters;
    return this.#serving.start(parameters, this.isRestartable ? 0 : undefined);
  }

  /** Waits until a server stands by that could take over, before anything is measured. */
  async prepare(): Promise<void> {
    if (!this.isRestartable || this.#next !== null) return;
    this.#next = this.#open();
    await this.loaded();
  }

  /** Opens the window of a phase. */
  async begin(window: Parameters<PublishingVerbs["begin"]>[0]): Promise<void> {
    this.#retired = [];
    this.#restarts = [];
    this.#window = window;
    await this.remote.call("begin", window);
    this.#begunNs = nowNs();
  }

  /** Closes it: the counts of all that have served in it. */
  async end(): Promise<ServerEnd> {
    const { remote } = this;
    const last = endAtHost(remote, await remote.call("end", {}));
    if (this.#retired.length === 0) return last;
    const ends = [...this.#retired.map(({ end }) => end), last];
    this.#restarts = this.#restarts.map((restart, index) => ({
      ...restart,
      cpuCourseMs: ends[index + 1]?.cpuCourseMs ?? [],
    }));
    return joinedEnds(ends, (nowNs() - this.#begunNs) / 1e6);
  }

  /** The longest of each that has served in the phase. */
  async longestStalls(): Promise<Stall[]> {
    const last = await this.remote.call("longestStall", {});
    return [...this.#retired.map(({ longestStall }) => longestStall), last];
  }

  /** Makes a fault, also in those that are still to come. */
  async fault(fault: ServerFault | null): Promise<void> {
    this.#fault = fault;
    await this.remote.call("fault", { fault });
  }

  /** Publishes on one schedule, whether or not servers change meanwhile. */
  async publish(request: SendRequest): Promise<SendResult> {
    if (!this.isRestartable) return this.remote.call("publish", request);
    const stretches: Stretch[] = [];
    let last = await this.#publishStretch(request, null);
    stretches.push(last);
    while (last.isBroken) {
      await this.#restart;
      last = await this.#publishStretch(request, last);
      stretches.push(last);
    }
    const { isBroken: _isOver, ...whole } = last;
    return { ...whole, lateness: mergeHistograms(stretches.map(({ lateness }) => lateness)) };
  }

  #publishStretch(request: SendRequest, before: Stretch | null): Promise<Stretch> {
    return this.own.call("publishStretch", { ...request, before });
  }

  /** Resolves when clients can reach the next server. */
  restart(restarting: Restarting): Promise<void> {
    this.#restart = this.#play(restarting);
    return this.#restart;
  }

  async #play(restarting: Restarting): Promise<void> {
    const { network, which, bus, downMs, graceMs, idle, checkClock, announce, joinBus } =
      restarting;
    const old = this.#serving;
    const parameters = this.#parameters;
    if (old.own === null || parameters === null) throw new Error(notOurs);
    if (graceMs > 0) await old.own.call("letGo", { forMs: graceMs });
    // Before the server has ended, so that nobody dials into the void.
    await network.call("refuse", { which });
    const endedNs = nowNs();
    const retired = await old.own.call("retire", {});
    this.#retired.push({ ...retired, end: endAtHost(old.remote, retired.end) });
    this.#ended.add(old);
    const next = this.#next ?? this.#open();
    this.#next = null;
    this.#serving = next;
    await old[Symbol.asyncDispose]();
    // Who reads a log first has all messages, with their numbers.
    const newest =
      next.own === null || announce === null ? retired.newest : await announce(next.own);
    const { servers } = await next.start(parameters, bus?.isLog === true ? 0 : newest);
    if (next.own !== null) await joinBus(next.own);
    await checkClock(next.remote);
    if (this.#fault !== undefined) await next.remote.call("fault", { fault: this.#fault });
    await idle(Math.max(0, downMs - (nowNs() - endedNs) / 1e6));
    await next.remote.call("begin", this.#window);
    await network.call("passTo", { servers, which });
    this.#restarts.push({ endedNs, servedNs: nowNs(), cpuCourseMs: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all, ...this.#ended].map((one) => one[Symbol.asyncDispose]()));
  }

  /** The one that serves, and the one that stands by. */
  get #all(): Serving[] {
    return this.#next === null ? [this.#serving] : [this.#serving, this.#next];
  }
}
