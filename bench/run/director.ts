import type {
  Connected,
  ConnectOptions,
  Figure,
  MeasuredPhase,
  PollCeiling,
  SendingOptions,
  ServerMemory,
  Stage,
  Workload,
} from "../../scenarios/scenario.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Crew } from "./crew.ts";
import type { Lease } from "./mutex.ts";
import { nowNs } from "../measure/clock.ts";
import { endsIn, endsSince, noEnds } from "../measure/connection-ends.ts";
import type { ConnectionEnds } from "../measure/connection-ends.ts";
import { diffLinkTotals, linkQuiet } from "../network/link.ts";
import type { LinkTotals } from "../network/link.ts";
import { measuredOf } from "../measure/measured.ts";
import { nothingDelivered } from "../measure/nothing-delivered.ts";
import {
  clockWarnings,
  isStream,
  saturationOf,
  standStillWarnings,
  warningsOf,
} from "../measure/validity.ts";
import { Watch } from "../measure/watch.ts";
import { phaseOf } from "./phase.ts";
import { isLight } from "../plan/plan.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { Collected, Dialled, Sent } from "../processes/protocol.ts";
import type { Figure as ResultFigure, Phase, StandStill, Warning } from "../results/schema.ts";
import { nothingSent, shares, withSending } from "./sendings.ts";
import type { SendingCounts, Sendings } from "./sendings.ts";
import { MachineFailure } from "./trial-failure.ts";
import { sum } from "../statistics/basics.ts";

/** How long messages that are still on their way at the end of a phase are waited for. */
const drainMs = 2_000;

/** How often to look whether an idle server has repeated itself. */
const rhythmStepMs = 500;

/** Plays verbs by asking the crew's processes, and keeps what they measure. */
export class Director implements Stage {
  readonly workload: Workload;
  readonly transport: Stage["transport"];
  readonly patienceMs: number;
  readonly phases: Phase[] = [];
  readonly figures: ResultFigure[] = [];
  readonly warnings: Warning[] = [];
  readonly #crew: Crew;
  readonly #lease: Lease;
  readonly #bound: BoundTransport;
  readonly #timed: boolean;
  /** Whether the machine is left to other trials from the beginning. */
  readonly #isLight: boolean;
  readonly #fromOutside: boolean;
  readonly #phaseStarts: (name: string) => void;
  readonly #meanwhile: () => Promise<void>;
  #channels: "shared" | "own" = "shared";
  #nextSequence = 1;
  #published = 0;
  /** Messages that the shared channel had carried before the trial; null before anyone has looked. */
  #age: number | null = null;
  /** Connections that had ended by the end of the last measured phase. */
  #ends = noEnds;
  /** Why the last phase has no figures. */
  #nothing: string | null = null;
  /** Of the phase that is on. */
  #sendings: Sendings | null = null;
  #dialled: Dialled[] = [];

  /** `meanwhile` is what may be done while nothing is measured, and takes processor time. */
  constructor(
    trial: PlannedTrial,
    crew: Crew,
    lease: Lease,
    phaseStarts: (name: string) => void,
    meanwhile: () => Promise<void> = async () => {},
  ) {
    const { bound } = trial.variant;
    this.workload = trial.workload;
    this.patienceMs = trial.patienceMs;
    this.transport = {
      delivery: bound.delivery,
      idleCycleMs: bound.idleCycleMs,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
    };
    this.#crew = crew;
    this.#lease = lease;
    this.#bound = bound;
    this.#timed = trial.scenario.measures === "time";
    this.#isLight = isLight(trial);
    if (this.#isLight) lease.release();
    this.#fromOutside = trial.target !== null;
    this.#phaseStarts = phaseStarts;
    this.#meanwhile = meanwhile;
    this.warnings.push(...clockWarnings(crew.clocks));
  }

  async connect(clients: number, options: ConnectOptions = {}): Promise<void> {
    const { stopped, clients: reached } = await this.tryConnect(clients, options);
    if (stopped === null) return;
    const reason = `only ${reached} of ${clients} clients could connect: ${stopped.explanation}`;
    throw stopped.side === "client" ? new MachineFailure(reason) : new Error(reason);
  }

  async tryConnect(clients: number, options: ConnectOptions = {}): Promise<Connected> {
    await this.#takeTurn();
    this.#channels = options.channels ?? "shared";
    await this.disconnect(clients);
    const { dialled, stopped } = await this.#crew.dial({
      clients,
      channels: this.#channels,
      nextSequence: this.#nextSequence,
    });
    this.#dialled.push(...dialled);
    if (this.#channels === "shared") {
      this.#age ??= Math.max(0, (this.#crew.loads[0]?.cursors[0] ?? 0) - this.#published);
    }
    return { clients: this.#crew.clients, stopped };
  }

  disconnect(clients = 0): Promise<void> {
    return this.#crew.hangUp(clients);
  }

  async publish({
    forMs,
    ratePerSecond = this.workload.ratePerSecond,
  }: SendingOptions): Promise<void> {
    await this.#takeTurn();
    const sent = await this.#crew.server.call("publish", {
      forMs,
      ratePerSecond,
      firstSequence: this.#nextSequence,
    });
    const expected = this.#crew.holders.map(({ clients }) => clients * sent.messages);
    const { messages } = sent;
    const counts = {
      intended: messages,
      rounds: messages,
      published: messages,
      sentUp: [],
      expected,
    };
    this.#recording([sent], counts, ratePerSecond);
    this.#nextSequence += sent.messages;
  }

  async send({
    forMs,
    ratePerSecond = this.workload.ratePerSecond,
  }: SendingOptions): Promise<void> {
    await this.#takeTurn();
    const sending = { forMs, ratePerSecond, firstSequence: this.#nextSequence };
    const sent = await Promise.all(
      this.#crew.loads.map((load) => load.remote.call("send", sending)),
    );
    const messages = sent.map((one) => one.messages);
    const rounds = Math.ceil((ratePerSecond * forMs) / 1_000);
    const sentUp = this.#crew.loads.flatMap((load, index) =>
      shares(messages[index] ?? 0, load.clients),
    );
    const counts = { intended: sum(messages), rounds, published: 0, sentUp, expected: messages };
    this.#recording(sent, counts, ratePerSecond * this.#crew.clients);
    this.#nextSequence += rounds + 1;
  }

  async idle(forMs: number): Promise<void> {
    this.#lease.release();
    await this.#crew.idle(forMs);
    await this.#learnRhythm();
  }

  /**
   * Waits until the user's own server has repeated itself, if it does so within this run's patience: how long
   * its cycle is can only be seen.
   */
  async #learnRhythm(): Promise<void> {
    for (let waitedMs = 0; waitedMs < 2 * this.patienceMs; waitedMs += rhythmStepMs) {
      const { isKnown, quietMs } = await this.#crew.server.call("rhythm", {});
      if (isKnown || quietMs >= this.patienceMs) return;
      await this.#crew.idle(rhythmStepMs);
    }
  }

  phase(name: string, body: () => Promise<void>): Promise<MeasuredPhase> {
    return this.#measure(name, true, body);
  }

  async warmUp(body: () => Promise<void>): Promise<void> {
    // Between two polls there is time; whoever is pushed to has to warm up undisturbed.
    const meanwhile = this.#timed && !this.#isExact ? this.#meanwhile() : null;
    await this.#measure("warm-up", false, body);
    await meanwhile;
  }

  async serverMemory(): Promise<ServerMemory> {
    const { rssBytes, heapBytes } = await this.#crew.server.call("memory", {});
    return { residentBytes: rssBytes, heapBytes };
  }

  async pollCeiling(options: { connections: number; forMs: number }): Promise<PollCeiling | null> {
    const { server } = this.#crew;
    await this.#takeTurn();
    const path = await this.#crew.pollPath();
    if (path === null) return null;
    this.#phaseStarts("poll ceiling");
    const connections = await this.#crew.prepareSaturation(options.connections);
    if (connections === 0) return null;
    using watch = new Watch();
    await server.call("begin", { measured: true });
    const saturated = await this.#crew.saturate(path, { ...options, connections });
    const { resources } = await server.call("end", {});
    const standStills = await this.#standStills(watch);
    this.warnings.push(...standStillWarnings({ name: "poll ceiling", standStills }));
    const served = resources.find(({ process }) => process === "server");
    if (saturated.failed > 0) {
      throw new Error(`${saturated.failed} polls failed while looking for the ceiling`);
    }
    return {
      requestsPerSecond: saturated.requestsPerSecond,
      serverUtilisation: served === undefined ? null : saturationOf(served).share,
    };
  }

  figure(figure: Figure): void {
    this.figures.push({ table: "", bound: "exact", ...figure });
  }

  async #takeTurn(): Promise<void> {
    if (!this.#isLight) await this.#lease.acquire();
  }

  /** Of each client's channel. */
  get #ages(): number[] {
    const cursors = this.#crew.holders.flatMap((load) => load.cursors);
    return this.#channels === "own" ? cursors : cursors.map(() => this.#age ?? 0);
  }

  #recording(sent: readonly Sent[], counts: SendingCounts, intendedRate: number): void {
    if (this.#sendings === null) throw new Error("messages are sent within a phase");
    this.#sendings = withSending(this.#sendings, sent, counts, intendedRate);
  }

  async #measure(
    name: string,
    measured: boolean,
    body: () => Promise<void>,
  ): Promise<MeasuredPhase> {
    this.#phaseStarts(name);
    this.#dialled = [];
    using watch = new Watch();
    const linkBefore = await this.#open(measured);
    this.#sendings = nothingSent;
    await body();
    const sendings = this.#sendings;
    this.#sendings = null;
    const phase = await this.#close(name, measured, sendings, linkBefore, watch);
    this.#published += sendings.counts.published;
    this.phases.push(phase);
    if (this.#nothing !== null) throw new Error(this.#nothing);
    return measuredOf(phase);
  }

  /** Opens the window of every process, and tells what had crossed the link before; null without one. */
  async #open(measured: boolean): Promise<LinkTotals | null> {
    const { server, link } = this.#crew;
    if (this.#isExact && link !== null) await linkQuiet(link);
    const begin = { firstSequence: this.#nextSequence, startNs: nowNs() };
    await this.#crew.eachLoad((load) => load.remote.call("begin", begin));
    await server.call("begin", { measured });
    return link?.() ?? null;
  }

  async #close(
    name: string,
    measured: boolean,
    sendings: Sendings,
    linkBefore: LinkTotals | null,
    watch: Watch,
  ): Promise<Phase> {
    const { server, link, loads } = this.#crew;
    const isTimed = measured && isStream(sendings.counts.intended, this.#timed);
    const receiveQueueBytes = isTimed ? await this.#crew.receiveQueueBytes() : null;
    const collected = this.#isExact ? await this.#collect(sendings, drainMs) : null;
    const [end, ends] = await Promise.all([
      server.call("end", {}),
      this.#crew.eachLoad((load) => load.remote.call("end", {})),
    ]);
    const used = [...end.resources, ...ends.map(({ resources }) => resources)];
    // Other trials are on beside those that time nothing.
    const othersCpuMs = this.#timed ? watch.othersCpuMs(used) : null;
    // Acknowledgements are held back a little; waiting for them is no part of the phase.
    if (this.#isExact && link !== null) await linkQuiet(link);
    const linkAfter = link?.() ?? null;
    const waitMs = measured ? drainMs + 2 * (this.transport.pollIntervalMs ?? 0) : 0;
    const recordings = collected ?? (await this.#collect(sendings, waitMs));
    const phase = phaseOf({
      name,
      measured,
      transport: this.#bound,
      payloadBytes: this.workload.payloadBytes,
      authority: this.#crew.authority,
      clients: this.#crew.clients,
      disconnected: endsSince(this.#ends, endsIn(recordings)).disconnected,
      publishedBefore: this.#published,
      ages: this.#ages,
      sendings,
      dialled: this.#dialled,
      server: end,
      fromOutside: this.#fromOutside,
      receiveQueueBytes,
      link:
        linkBefore === null || linkAfter === null ? null : diffLinkTotals(linkBefore, linkAfter),
      fleet: { ends: ends.slice(0, loads.length), recordings: recordings.slice(0, loads.length) },
      canary: { ends: ends.slice(loads.length), recordings: recordings.slice(loads.length) },
      standStills: await this.#standStills(watch),
      othersCpuMs,
      toAll: this.#channels === "shared",
      waited: this.#isExact || waitMs > 0,
    });
    this.#warnOf(phase, endsIn(recordings));
    return phase;
  }

  async #standStills(watch: Watch): Promise<StandStill[]> {
    const others = await this.#crew.standStills();
    return [...others, { process: "director", ...watch.standStill() }];
  }

  /** Keeps the warnings about a phase, given which connections have ended so far. */
  #warnOf(phase: Phase, endsSoFar: ConnectionEnds): void {
    if (!phase.measured) return;
    const ends = endsSince(this.#ends, endsSoFar);
    this.#ends = endsSoFar;
    const { delivery, pollIntervalMs } = this.transport;
    this.warnings.push(
      ...warningsOf(phase, {
        ends,
        timed: this.#timed,
        delivery,
        pollIntervalMs: pollIntervalMs ?? 0,
      }),
    );
    this.#nothing = nothingDelivered(phase, this.phases, endsSoFar);
  }

  /**
   * A client that polls on a grid goes on polling while anything is waited for; those polls belong to no
   * message. With all others, waiting before the window is closed makes the counts exact.
   */
  get #isExact(): boolean {
    return this.transport.pollIntervalMs === null;
  }

  #collect({ counts }: Sendings, timeoutMs: number): Promise<Collected[]> {
    return this.#crew.eachLoad((load, index) =>
      load.remote.call("collect", { deliveries: counts.expected[index] ?? 0, timeoutMs }),
    );
  }
}
