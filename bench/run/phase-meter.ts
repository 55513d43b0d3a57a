import type { PhaseOptions } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import { endsIn, endsSince, noEnds } from "../measure/connection-ends.ts";
import type { ConnectionEnds } from "../measure/connection-ends.ts";
import { nothingDelivered } from "../measure/nothing-delivered.ts";
import { isStream } from "../measure/bounds.ts";
import {
  attemptWarnings,
  comparedWarnings,
  clockWarnings,
  warningsOf,
} from "../measure/validity.ts";
import { MachineMonitor } from "../measure/machine-monitor.ts";
import { diffLinkTotals, linkQuiet } from "../network/link.ts";
import type { LinkTotals } from "../network/link.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { meanBytes } from "../settings/payload.ts";
import type { BusQuestion } from "../bus/lost-on-bus.ts";
import type { AbsenceReport, Collected, LoadEnd, ServerEnd } from "../processes/protocol.ts";
import type { TakenCounts } from "../processes/taken-messages.ts";
import type { RecordedEndpoint } from "../results/recorded-endpoint.ts";
import type { Intruders } from "../results/recorded-intruders.ts";
import type { HostClock, Phase, Warning } from "../results/schema.ts";
import type { OutageFates } from "../rooms/outage.ts";
import type { Done } from "../packets/done.ts";
import { sum } from "../statistics/basics.ts";
import { derivedSeed } from "../statistics/random.ts";
import { atHost } from "./at-host.ts";
import { apartNs } from "./clock-apart.ts";
import { phaseNetwork } from "./phase-network.ts";
import { phaseRelay } from "./phase-relay.ts";
import { phaseOf } from "./phase.ts";
import { phaseRooms, roomLedger } from "./phase-rooms.ts";
import { phaseTokens } from "./phase-tokens.ts";
import { expecting } from "./phase-sends.ts";
import type { PhaseSends } from "./phase-sends.ts";
import type { Traffic } from "./traffic.ts";
import { stallsOf } from "./trial-processes.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** How long messages that are still on their way at the end of a phase are waited for. */
const drainMs = 2_000;

/** The same over a network of the user's: after an outage TCP waits up to as long again before it tries again. */
const networkDrainMs = 15_000;

/** A relay goes on as soon as an outage is over, and what is lost where a script cuts connections would be waited for. */
function relayedDrainMs({ relay, scenario }: PlannedTrial): number {
  if (relay === null) return drainMs;
  if (scenario.usesNetwork !== true) return networkDrainMs;
  const { delayMs, jitterMs, outages, hold } = relay.down;
  return drainMs + 2 * (delayMs + jitterMs) + (outages?.forMs ?? 0) + (hold?.forMs ?? 0);
}

/** How often the server's memory is read where a scenario watches it. */
const memoryStepMs = 100;

/** Opens and closes the measuring windows of a trial's processes, and keeps what they report. */
export class PhaseMeter {
  readonly phases: Phase[] = [];
  readonly warnings: Warning[];
  readonly #trial: PlannedTrial;
  readonly #processes: TrialProcesses;
  readonly #traffic: Traffic;
  readonly #isTimed: boolean;
  readonly #pollIntervalMs: number | null;
  readonly #drainMs: number;
  /** When the present phase began. */
  #startNs = 0;
  /** Who tried the server's limits in the present phase. */
  #intruders: Intruders[] = [];
  /** What an endpoint was asked in the present phase; null for nothing. */
  #asked: RecordedEndpoint | null = null;
  /** Connections that had ended by the end of the last measured phase. */
  #ends = noEnds;

  constructor(trial: PlannedTrial, processes: TrialProcesses, traffic: Traffic) {
    this.#trial = trial;
    this.#processes = processes;
    this.#traffic = traffic;
    this.#isTimed = trial.scenario.measures === "time";
    this.#pollIntervalMs = trial.variant.bound.polling?.intervalMs ?? null;
    this.#drainMs = processes.packets === null ? relayedDrainMs(trial) : networkDrainMs;
    this.warnings = clockWarnings(processes.clocks);
  }

  /**
   * A client that polls on a grid goes on polling while anything is waited for; those polls belong to no
   * message. With all others, waiting before the window is closed makes the counts exact.
   */
  get isExact(): boolean {
    return this.#pollIntervalMs === null;
  }

  /** Adds to the present phase what became of intruders. */
  keepIntruders(intruders: readonly Intruders[]): void {
    this.#intruders.push(...intruders);
  }

  /** Keeps with the present phase what an endpoint was asked. */
  keepEndpoint(asked: RecordedEndpoint): void {
    this.#asked = asked;
  }

  /** Throws where nothing of what was sent was delivered. */
  async measure(
    name: string,
    measured: boolean,
    body: () => Promise<void>,
    { isAttempt = false, isCompared = false }: PhaseOptions = {},
  ): Promise<Phase> {
    const traffic = this.#traffic;
    traffic.phaseBegins();
    using monitor = new MachineMonitor();
    const { nextSequence: firstSequence } = traffic;
    const before = await this.#open(measured);
    traffic.sendingBegins();
    await body();
    const sends = traffic.sendingEnds();
    const { phase: closed, ends } = await this.#close({
      name,
      measured,
      firstSequence,
      sends,
      before,
      monitor,
    });
    const phase: Phase = isAttempt ? { ...closed, isAttempt } : closed;
    const warningsIn = isAttempt ? attemptWarnings : isCompared ? comparedWarnings : warningsOf;
    if (measured) this.#warnOf(phase, ends, warningsIn);
    const isAsked = measured && !isAttempt && !isCompared;
    const nothing = isAsked ? nothingDelivered(phase, this.phases, ends) : null;
    traffic.published += sends.counts.published;
    this.phases.push(phase);
    if (nothing !== null) throw new Error(nothing);
    return phase;
  }

  /** Opens the window of every process, and reads what had crossed the network before. */
  async #open(measured: boolean): Promise<Crossed> {
    const { servers, packets, fleet, link } = this.#processes;
    this.#intruders = [];
    this.#asked = null;
    await servers.prepare();
    await this.#processes.hostClocks?.agree();
    await this.#processes.hostLoads?.begin();
    await this.#settleLink();
    // The same for each variant, whatever packets it has sent before.
    const seed = derivedSeed(this.#trial.seed, this.phases.length);
    await packets?.begin(seed);
    this.#startNs = nowNs();
    const { nextSequence: firstSequence, rooms } = this.#traffic;
    const begin = {
      firstSequence,
      startNs: this.#startNs,
      ...(rooms !== null && { rooms: rooms.carried }),
    };
    await fleet.each(({ remote }) => remote.call("begin", begin));
    await this.#processes.beginBetween(seed);
    await servers.begin({ measured, ...this.#watching(measured) });
    return { link: link?.() ?? null, packets: (await packets?.done()) ?? null };
  }

  async #close(window: Window): Promise<{ phase: Phase; ends: ConnectionEnds }> {
    const { name, measured, firstSequence, sends, before, monitor } = window;
    const { servers, bus, front, network, packets, fleet, link, authority } = this.#processes;
    const traffic = this.#traffic;
    const loads = fleet.loads.length;
    const isStreamed = measured && isStream(sends.counts.intended, this.#isTimed);
    // Who is still under way would count as never back, though what was sent to it may all have come: Socket.IO hands
    // messages over before it is upgraded.
    if (fleet.mayComeBack) {
      await fleet.each(({ remote }) => remote.call("returned", { timeoutMs: this.#drainMs }));
    }
    const receiveQueueBytes = isStreamed ? await this.#processes.receiveQueueBytes() : null;
    const lastSequence =
      fleet.mayComeBack && sends.counts.published > 0 ? traffic.nextSequence - 1 : undefined;
    const collect = { counts: sends.counts, lastSequence };
    const collected = this.isExact ? await this.#collect(collect, this.#drainMs) : null;
    await bus?.settled(servers.own);
    const [end, others, ends] = await Promise.all([
      servers.end(),
      this.#processes.endBetween(),
      fleet.each(async ({ remote }): Promise<LoadEnd> => {
        const { resources, ...end } = await remote.call("end", {});
        return { ...end, resources: atHost(remote, resources) };
      }),
    ]);
    const clocks = await this.#processes.hostClocks?.look();
    const used = [...end.resources, ...others, ...ends.map(({ resources }) => resources)];
    const { hostLoads } = this.#processes;
    const askOthers = async (): Promise<number | null> =>
      hostLoads === null ? monitor.othersCpuMs(used) : await hostLoads.othersCpuMs(used);
    // Where nothing is timed, other trials run at the same time.
    const othersCpuMs = this.#isTimed ? await askOthers() : null;
    // Acknowledgements are held back a little; waiting for them is no part of the phase.
    await this.#settleLink();
    const linkAfter = link?.() ?? null;
    const done = (await packets?.done()) ?? null;
    const { relay } = this.#trial;
    const books = relay === null ? undefined : await network?.call("books", {});
    const waitMs = measured ? this.#drainMs + 2 * (this.#pollIntervalMs ?? 0) : 0;
    const recordings = collected ?? (await this.#collect(collect, waitMs));
    const connectionEnds = endsIn(recordings);
    const waited = this.isExact || waitMs > 0;
    const { phaseBus, onBus } = await this.#busOf(end);
    // What is still on its way may arrive between two questions: it can't be accounted for.
    const isAccounted = fleet.mayComeBack && waited;
    const absences = isAccounted ? await this.#absences(sends, firstSequence, onBus) : [];
    const rooms = this.#roomsOf(recordings);
    const expected = rooms === null ? sends : expecting(sends, recordings.slice(0, loads));
    const { prompted } = traffic;
    const takenUp = absences.length === 0 ? null : await this.#takenUp();
    const phase = phaseOf({
      name,
      measured,
      transport: this.#trial.variant.bound,
      ...this.#processes.payloadSize,
      meanBytes: meanBytes(this.#trial.payload, firstSequence, sends.counts.rounds),
      servers: servers.count,
      authority,
      clients: fleet.clients,
      disconnected: endsSince(this.#ends, connectionEnds).disconnected,
      publishedBefore: traffic.published,
      ages: traffic.agesOf(fleet.holders),
      sends: expected,
      ...(rooms !== null && {
        rooms,
        ledger: roomLedger(
          recordings,
          await this.#outageFates(onBus),
          sum(expected.counts.expected),
        ),
      }),
      ...(prompted !== null && { tokens: phaseTokens(prompted, recordings) }),
      dialled: traffic.dialled,
      server: end,
      others,
      intruders: this.#intruders,
      endpoint: this.#asked,
      absences,
      takenUp,
      restarts: servers.restarts.map(({ endedNs, servedNs, cpuCourseMs }) => ({
        atMs: (endedNs - this.#startNs) / 1e6,
        downMs: (servedNs - endedNs) / 1e6,
        cpuMs: [...cpuCourseMs],
      })),
      stopped: await fleet.stoppedReaders(),
      fromOutside: this.#trial.target !== null,
      receiveQueueBytes,
      link:
        before.link === null || linkAfter === null ? null : diffLinkTotals(before.link, linkAfter),
      network:
        packets === null || before.packets === null || done === null
          ? null
          : phaseNetwork(packets.profile, before.packets, done),
      bus: phaseBus,
      balancer: front === null ? null : front.phase(end.deliveredBytes ?? []),
      relay: relay === null || books === undefined ? null : phaseRelay(relay, books),
      fleet: { ends: ends.slice(0, loads), recordings: recordings.slice(0, loads) },
      canary: { ends: ends.slice(loads), recordings: recordings.slice(loads) },
      standStills: await stallsOf(this.#processes, monitor),
      othersCpuMs,
      ...(clocks !== undefined && this.#clocksOf(clocks, sends)),
      ...stampBoundOf(ends),
      toAll: traffic.channels === "shared",
      waited,
    });
    return { phase, ends: connectionEnds };
  }

  /** Keeps the warnings about a phase. Returns why it has no figures, or null. */
  #warnOf(phase: Phase, endsSoFar: ConnectionEnds, warningsIn: typeof warningsOf): void {
    const ends = endsSince(this.#ends, endsSoFar);
    this.#ends = endsSoFar;
    const { delivery } = this.#trial.variant.bound;
    const pollIntervalMs = this.#pollIntervalMs ?? 0;
    const observed = { ends, timed: this.#isTimed, delivery, pollIntervalMs };
    this.warnings.push(...warningsIn(phase, observed));
  }

  /** Messages that come back to who sent them are told by one clock. */
  #clocksOf(clocks: HostClock[], { counts }: PhaseSends): Pick<Phase, "clocks" | "clockBoundNs"> {
    const { servers, fleet } = this.#processes;
    const { rooms } = this.#traffic;
    if (counts.intended > 0 && counts.published === 0 && rooms === null) return { clocks };
    const all = [...servers.hosts, ...fleet.hosts];
    const from = rooms === null ? servers.hosts.slice(0, 1) : all;
    const clockBoundNs = apartNs(clocks, { from, to: all });
    return clockBoundNs === null ? { clocks } : { clocks, clockBoundNs };
  }

  /** What the bus did, and what servers haven't taken from it; null where one serves alone. */
  async #busOf({ bus: counts }: ServerEnd): Promise<{
    phaseBus: NonNullable<Phase["bus"]> | null;
    onBus: BusQuestion;
  }> {
    const { bus, servers, fleet } = this.#processes;
    const nothing = { servers: servers.count, losses: [] };
    if (bus === null || counts === undefined) return { phaseBus: null, onBus: nothing };
    const untaken = bus.untaken(counts);
    const losses = untaken.length === 0 ? [] : await bus.losses(untaken, servers.own);
    const onBus = { ...nothing, losses };
    const asked = losses.length === 0 ? [] : fleet.loads;
    const fates = await Promise.all(asked.map(({ remote }) => remote.call("lostOnBus", onBus)));
    const deliveries = {
      unsent: sum(fates.map(({ unsent }) => unsent)),
      untaken: sum(fates.map((fate) => fate.untaken)),
    };
    return { phaseBus: bus.phase(counts, untaken, deliveries), onBus };
  }

  /** Of clients in rooms while the broker was away. */
  async #outageFates(onBus: BusQuestion): Promise<OutageFates[]> {
    const rooms = this.#traffic.rooms?.question;
    if (rooms?.outage === undefined) return [];
    const question = { ...onBus, rooms };
    const { loads } = this.#processes.fleet;
    const fates = await Promise.all(
      loads.map(({ remote }) => remote.call("outageFates", question)),
    );
    return fates.filter((fate) => fate !== null);
  }

  #roomsOf(recordings: readonly Collected[]): NonNullable<Phase["rooms"]> | null {
    const { rooms: traffic } = this.#traffic;
    if (traffic === null) return null;
    const { clients } = this.#processes.fleet;
    // Which server a client is with, only the balancer knows.
    const serverCount = this.#processes.front === null ? this.#trial.servers : 1;
    return phaseRooms({ traffic, clients, serverCount, recordings });
  }

  async #takenUp(): Promise<TakenCounts | null> {
    const counts = await this.#processes.servers.ask((server) => server.call("takenUp", {}));
    return counts.reduce(
      (one, other) =>
        one && other && { taken: one.taken + other.taken, repeated: one.repeated + other.repeated },
    );
  }

  #watching(measured: boolean): { memoryStepMs?: number } {
    return measured && this.#trial.scenario.watchesMemory === true ? { memoryStepMs } : {};
  }

  async #settleLink(): Promise<void> {
    const { link } = this.#processes;
    if (this.isExact && link !== null) await linkQuiet(link);
  }

  /**
   * Of each load process; empty where it isn't one stream of messages, which was published to all of them or which its
   * clients sent up.
   */
  async #absences(
    { sent, counts }: PhaseSends,
    firstSequence: number,
    onBus: BusQuestion,
  ): Promise<AbsenceReport[]> {
    const { loads } = this.#processes.fleet;
    const restartedNs = this.#processes.servers.restarts.at(-1)?.endedNs ?? null;
    const inTurn = counts.published === 0;
    const streams = inTurn ? sent : loads.flatMap(() => sent);
    if (streams.length !== loads.length) return [];
    const reports = streams.flatMap(({ messages, startNs, untilNs }, index) => {
      const stream = { firstSequence, messages, startNs, untilNs };
      const question = {
        sent: stream,
        inTurn,
        sinceNs: startNs,
        restartedNs,
        ...(onBus.losses.length > 0 && { onBus }),
      };
      return loads[index]?.remote.call("absences", question) ?? [];
    });
    return Promise.all(reports);
  }

  #collect(
    { counts, lastSequence }: Pick<PhaseSends, "counts"> & { lastSequence: number | undefined },
    timeoutMs: number,
  ): Promise<Collected[]> {
    const { fleet } = this.#processes;
    return fleet.each((load, index) =>
      load.remote.call("collect", {
        deliveries: load === fleet.canary ? counts.toCanary : (counts.expected[index] ?? 0),
        timeoutMs,
        lastSequence,
        rooms: this.#traffic.rooms?.question,
      }),
    );
  }
}

/** How wrong the times of deliveries may be where pages of a browser tell them; nothing elsewhere. */
function stampBoundOf(ends: readonly LoadEnd[]): Pick<Phase, "clockBoundNs"> {
  const bounds = ends.flatMap(({ stampBoundNs }) => stampBoundNs ?? []);
  return bounds.length === 0 ? {} : { clockBoundNs: Math.max(...bounds) };
}

/** What had crossed the network so far; null for what isn't there. */
interface Crossed {
  readonly link: LinkTotals | null;
  readonly packets: Done | null;
}

/** A phase whose body has been played. */
interface Window {
  readonly name: string;
  readonly measured: boolean;
  readonly firstSequence: number;
  readonly sends: PhaseSends;
  readonly before: Crossed;
  readonly monitor: MachineMonitor;
}
