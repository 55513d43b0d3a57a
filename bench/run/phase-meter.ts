import { nowNs } from "../measure/clock.ts";
import { endsIn, endsSince, noEnds } from "../measure/connection-ends.ts";
import type { ConnectionEnds } from "../measure/connection-ends.ts";
import { nothingDelivered } from "../measure/nothing-delivered.ts";
import { isStream } from "../measure/bounds.ts";
import { clockWarnings, warningsOf } from "../measure/validity.ts";
import { MachineMonitor } from "../measure/machine-monitor.ts";
import { diffLinkTotals, linkQuiet } from "../network/link.ts";
import type { LinkTotals } from "../network/link.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { meanBytes } from "../settings/payload.ts";
import type { AbsenceReport, Collected } from "../processes/protocol.ts";
import type { Phase, Warning } from "../results/schema.ts";
import { phaseOf } from "./phase.ts";
import type { PhaseSends } from "./phase-sends.ts";
import type { Traffic } from "./traffic.ts";
import { stallsOf } from "./trial-processes.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** How long messages that are still on their way at the end of a phase are waited for. */
const drainMs = 2_000;

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
  /** Connections that had ended by the end of the last measured phase. */
  #ends = noEnds;

  constructor(trial: PlannedTrial, processes: TrialProcesses, traffic: Traffic) {
    this.#trial = trial;
    this.#processes = processes;
    this.#traffic = traffic;
    this.#isTimed = trial.scenario.measures === "time";
    this.#pollIntervalMs = trial.variant.bound.polling?.intervalMs ?? null;
    this.warnings = clockWarnings(processes.clocks);
  }

  /**
   * A client that polls on a grid goes on polling while anything is waited for; those polls belong to no
   * message. With all others, waiting before the window is closed makes the counts exact.
   */
  get isExact(): boolean {
    return this.#pollIntervalMs === null;
  }

  /** Throws where nothing of what was sent was delivered. */
  async measure(name: string, measured: boolean, body: () => Promise<void>): Promise<Phase> {
    const traffic = this.#traffic;
    traffic.phaseBegins();
    using monitor = new MachineMonitor();
    const { nextSequence: firstSequence } = traffic;
    const linkBefore = await this.#open(measured);
    traffic.sendingBegins();
    await body();
    const sends = traffic.sendingEnds();
    const { phase, ends } = await this.#close({
      name,
      measured,
      firstSequence,
      sends,
      linkBefore,
      monitor,
    });
    const nothing = measured ? this.#warnOf(phase, ends) : null;
    traffic.published += sends.counts.published;
    this.phases.push(phase);
    if (nothing !== null) throw new Error(nothing);
    return phase;
  }

  /** Opens the window of every process, and reads what had crossed the link before; null without one. */
  async #open(measured: boolean): Promise<LinkTotals | null> {
    const { server, network, fleet, link } = this.#processes;
    await this.#settleLink();
    const begin = { firstSequence: this.#traffic.nextSequence, startNs: nowNs() };
    await fleet.each(({ remote }) => remote.call("begin", begin));
    await network?.call("begin", {});
    await server.call("begin", { measured, ...this.#watching(measured) });
    return link?.() ?? null;
  }

  async #close(window: Window): Promise<{ phase: Phase; ends: ConnectionEnds }> {
    const { name, measured, firstSequence, sends, linkBefore, monitor } = window;
    const { server, network, fleet, link, authority } = this.#processes;
    const traffic = this.#traffic;
    const loads = fleet.loads.length;
    const isStreamed = measured && isStream(sends.counts.intended, this.#isTimed);
    const receiveQueueBytes = isStreamed ? await this.#processes.receiveQueueBytes() : null;
    const collected = this.isExact ? await this.#collect(sends, drainMs) : null;
    const [end, between, ends] = await Promise.all([
      server.call("end", {}),
      network?.call("end", {}),
      fleet.each(({ remote }) => remote.call("end", {})),
    ]);
    const networks = between === undefined ? [] : [between];
    const used = [...end.resources, ...networks, ...ends.map(({ resources }) => resources)];
    // Where nothing is timed, other trials run at the same time.
    const othersCpuMs = this.#isTimed ? monitor.othersCpuMs(used) : null;
    // Acknowledgements are held back a little; waiting for them is no part of the phase.
    await this.#settleLink();
    const linkAfter = link?.() ?? null;
    const waitMs = measured ? drainMs + 2 * (this.#pollIntervalMs ?? 0) : 0;
    const recordings = collected ?? (await this.#collect(sends, waitMs));
    const connectionEnds = endsIn(recordings);
    const absences = fleet.mayComeBack ? await this.#absences(sends, firstSequence) : [];
    const phase = phaseOf({
      name,
      measured,
      transport: this.#trial.variant.bound,
      ...this.#processes.payloadSize,
      meanBytes: meanBytes(this.#trial.payload, firstSequence, sends.counts.rounds),
      authority,
      clients: fleet.clients,
      disconnected: endsSince(this.#ends, connectionEnds).disconnected,
      publishedBefore: traffic.published,
      ages: traffic.agesOf(fleet.holders),
      sends,
      dialled: traffic.dialled,
      server: end,
      networks,
      absences,
      stopped: await fleet.stoppedReaders(),
      fromOutside: this.#trial.target !== null,
      receiveQueueBytes,
      link:
        linkBefore === null || linkAfter === null ? null : diffLinkTotals(linkBefore, linkAfter),
      fleet: { ends: ends.slice(0, loads), recordings: recordings.slice(0, loads) },
      canary: { ends: ends.slice(loads), recordings: recordings.slice(loads) },
      standStills: await stallsOf(this.#processes, monitor),
      othersCpuMs,
      toAll: traffic.channels === "shared",
      waited: this.isExact || waitMs > 0,
    });
    return { phase, ends: connectionEnds };
  }

  /** Keeps the warnings about a phase. Returns why it has no figures, or null. */
  #warnOf(phase: Phase, endsSoFar: ConnectionEnds): string | null {
    const ends = endsSince(this.#ends, endsSoFar);
    this.#ends = endsSoFar;
    const { delivery } = this.#trial.variant.bound;
    const pollIntervalMs = this.#pollIntervalMs ?? 0;
    this.warnings.push(
      ...warningsOf(phase, { ends, timed: this.#isTimed, delivery, pollIntervalMs }),
    );
    return nothingDelivered(phase, this.phases, endsSoFar);
  }

  #watching(measured: boolean): { memoryStepMs?: number } {
    return measured && this.#trial.scenario.watchesMemory === true ? { memoryStepMs } : {};
  }

  async #settleLink(): Promise<void> {
    const { link } = this.#processes;
    if (this.isExact && link !== null) await linkQuiet(link);
  }

  /** Of each load process; empty where it isn't one stream of messages to all of them. */
  async #absences({ sent, counts }: PhaseSends, firstSequence: number): Promise<AbsenceReport[]> {
    const [only, ...others] = sent;
    if (only === undefined || others.length > 0 || counts.published === 0) return [];
    const { startNs, untilNs } = only;
    const ask = {
      sent: { firstSequence, messages: counts.published, startNs, untilNs },
      sinceNs: startNs,
    };
    const { loads } = this.#processes.fleet;
    return Promise.all(loads.map(({ remote }) => remote.call("absences", ask)));
  }

  #collect({ counts }: PhaseSends, timeoutMs: number): Promise<Collected[]> {
    return this.#processes.fleet.each(({ remote }, index) =>
      remote.call("collect", { deliveries: counts.expected[index] ?? 0, timeoutMs }),
    );
  }
}

/** A phase whose body has been played. */
interface Window {
  readonly name: string;
  readonly measured: boolean;
  readonly firstSequence: number;
  readonly sends: PhaseSends;
  readonly linkBefore: LinkTotals | null;
  readonly monitor: MachineMonitor;
}
