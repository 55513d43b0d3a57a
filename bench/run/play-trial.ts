import { ownNs } from "../measure/clock.ts";
import { isInvalid } from "../measure/validity.ts";
import { Network } from "../network/network.ts";
import { PacketNetwork } from "../packets/packet-network.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { RecordedProxy } from "../results/recorded-proxies.ts";
import type { ClockCheck, Trial, TrialOutcome } from "../results/schema.ts";
import { balancerFigures } from "./balancer-figures.ts";
import { busFigures } from "./bus-figures.ts";
import { Director } from "./director.ts";
import { hostsOf } from "./host.ts";
import type { Hosts } from "./host.ts";
import type { MachineLock } from "./machine-lock.ts";
import { networkFigures } from "./network-figures.ts";
import { relayFigures } from "./relay-figures.ts";
import { addressesWanted } from "./serving.ts";
import type { Standby } from "./standby.ts";
import { failure } from "./trial-failure.ts";
import { TrialProcesses } from "./trial-processes.ts";

/** What playing a trial needs from its run. */
export interface TrialContext {
  readonly machineLock: MachineLock;
  readonly observer: { phase(trial: PlannedTrial, name: string): void };
  readonly signal: AbortSignal;
  /** Told about the proxy of each trial that has one, when it serves. */
  readonly tookPart?: (proxy: RecordedProxy) => void;
  /** Where both sides of a trial run; on this machine when left out. */
  readonly hostsFor?: ((trial: PlannedTrial) => Promise<Hosts>) | undefined;
  /** Processes of the next trial, in runs where that is known. */
  readonly standby?: Standby;
}

/** The network that a trial asks for, made for it; null for loopback. */
async function networkFor(trial: PlannedTrial): Promise<Network | PacketNetwork | null> {
  const { netns, network, seed } = trial;
  const addresses = addressesWanted(trial);
  if (network !== null) return await PacketNetwork.open(network, seed, addresses);
  return netns ? await Network.open(addresses) : null;
}

/** Plays one trial in fresh processes. Never rejects: whatever goes wrong is the trial's outcome. */
export async function playTrial(
  planned: PlannedTrial,
  { machineLock, observer, signal, hostsFor, standby, tookPart }: TrialContext,
): Promise<Trial> {
  using lease = await machineLock.acquire();
  const startedAt = new Date().toISOString();
  // Not the clock of the trial, which another machine's may become.
  const startNs = ownNs();
  let director: Director | undefined;
  let outcome: TrialOutcome;
  let clocks: ClockCheck[] = [];
  let ownDelayNs: number | null = null;
  try {
    signal.throwIfAborted();
    // A network of its own for each trial, as with processes: no other trial's traffic crosses it.
    await using network = await networkFor(planned);
    await using processes =
      (await standby?.take(planned)) ??
      new TrialProcesses(planned, (await hostsFor?.(planned)) ?? hostsOf(network));
    // Starting processes takes a while, in which the run may have been ended.
    signal.throwIfAborted();
    // Ending the processes ends the current verb.
    const end = (): void => void processes[Symbol.asyncDispose]();
    signal.addEventListener("abort", end);
    try {
      await processes.start();
      if (processes.proxy !== null) tookPart?.(processes.proxy.recorded);
      clocks = processes.clocks;
      ownDelayNs = processes.networkDelayNs;
      director = new Director(
        planned,
        processes,
        lease,
        (name) => observer.phase(planned, name),
        async () => standby?.prepare(planned),
      );
      await planned.scenario.play(director).catch(async (error: unknown) => {
        throw (await processes.front?.lost()) ?? error;
      });
      director.figures.push(...networkFigures(planned, director.phases));
      director.figures.push(...relayFigures(planned, director.phases));
      director.figures.push(...busFigures(director.phases));
      // What a probe is sent tells nothing of costs.
      if (processes.probe === null) director.figures.push(...balancerFigures(director.phases));
      // Nothing is measured while this trial's processes end and those of the next start.
      void standby?.prepare(planned);
      lease.release();
      outcome = { status: isInvalid(director.warnings) ? "invalid" : "valid" };
    } finally {
      signal.removeEventListener("abort", end);
    }
  } catch (error) {
    outcome = signal.aborted ? { status: "interrupted" } : failure(error, planned.variant);
  }
  return {
    variant: planned.variant.name,
    scenario: planned.scenario.name,
    repetition: planned.repetition,
    startedAt,
    durationMs: (ownNs() - startNs) / 1e6,
    outcome,
    clocks,
    ...(ownDelayNs !== null && { network: { ownDelayNs } }),
    warnings: director?.warnings ?? [],
    phases: director?.phases ?? [],
    figures: director?.figures ?? [],
  };
}
