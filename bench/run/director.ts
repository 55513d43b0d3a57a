import type {
  BalancerVerbs,
  BrowserVerbs,
  BusVerbs,
  ClientVerbs,
  EndpointVerbs,
  Figure,
  IntruderVerbs,
  MeasuredPhase,
  NetworkVerbs,
  PhaseOptions,
  ProbeVerbs,
  ProxyVerbs,
  ServerVerbs,
  Stage,
  Workload,
} from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import { measuredOf } from "../measure/measured.ts";
import { DrivingBrowserVerbs } from "./browser-verbs.ts";
import { SparingBalancerVerbs } from "./balancer-verbs.ts";
import { behindFront } from "../settings/balance.ts";
import { noFailing } from "../plan/rehearsal.ts";
import { runsConcurrently } from "../plan/plan.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { Figure as ResultFigure, Phase, Warning } from "../results/schema.ts";
import { clockBoundIn } from "./clock-apart.ts";
import { askedBy } from "./endpoint-verbs.ts";
import { FleetVerbs } from "./client-verbs.ts";
import { TryingIntruderVerbs } from "./intruder-verbs.ts";
import type { Lease } from "./machine-lock.ts";
import { MisbehavingNetworkVerbs } from "./network-verbs.ts";
import { PhaseMeter } from "./phase-meter.ts";
import { WatchingProbeVerbs, reloaded } from "./probe-verbs.ts";
import { PublishingServerVerbs } from "./server-verbs.ts";
import { Traffic } from "./traffic.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** How often to look whether an idle server has repeated itself. */
const rhythmStepMs = 500;

/** The stage of a real trial: plays verbs by asking the trial's processes, and keeps what they measure. */
export class Director implements Stage {
  readonly workload: Workload;
  readonly transport: Stage["transport"];
  readonly maxIdleMs: number;
  readonly clients: ClientVerbs;
  readonly server: ServerVerbs;
  readonly network: NetworkVerbs;
  readonly bus: BusVerbs;
  readonly balancer: BalancerVerbs;
  readonly intruders: IntruderVerbs;
  readonly probe: ProbeVerbs;
  readonly proxy: ProxyVerbs;
  readonly browser: BrowserVerbs;
  readonly endpoint: EndpointVerbs;
  readonly figures: ResultFigure[] = [];
  readonly #meter: PhaseMeter;
  readonly #processes: TrialProcesses;
  readonly #lease: Lease;
  readonly #warmsUpBeside: boolean;
  readonly #phaseStarts: (name: string) => void;
  readonly #meanwhile: () => Promise<void>;

  /** `meanwhile` does work that takes processor time, while nothing is measured. */
  constructor(
    trial: PlannedTrial,
    processes: TrialProcesses,
    lease: Lease,
    phaseStarts: (name: string) => void,
    meanwhile: () => Promise<void> = async () => {},
  ) {
    const { bound } = trial.variant;
    this.workload = trial.workload;
    this.maxIdleMs = trial.maxIdleMs;
    this.transport = {
      delivery: bound.delivery,
      idleCycleMs: bound.idleCycleMs,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
      batchMs: bound.layers.batchMs ?? 0,
      sends: bound.sends,
      setsHeartbeats: bound.setsHeartbeats && trial.target === null,
      noTheory:
        processes.front === null
          ? bound.noTheory
          : { deliveries: behindFront, upstream: behindFront },
    };
    this.#processes = processes;
    this.#lease = lease;
    this.#phaseStarts = phaseStarts;
    this.#meanwhile = meanwhile;
    const traffic = new Traffic();
    this.#meter = new PhaseMeter(trial, processes, traffic);
    // Polling leaves time between two polls; clients that are pushed to have to warm up undisturbed.
    this.#warmsUpBeside = trial.scenario.measures === "time" && !this.#meter.isExact;
    // A trial that only waits leaves the machine to others from the beginning.
    const isConcurrent = runsConcurrently(trial);
    if (isConcurrent) lease.release();
    const lockMachine = async (): Promise<void> => {
      if (!isConcurrent) await lease.acquire();
    };
    this.clients = new FleetVerbs(trial, processes, traffic, lockMachine);
    const warn = (warnings: readonly Warning[]): void => void this.warnings.push(...warnings);
    const unlockMachine = (): void => lease.release();
    const context = { traffic, lockMachine, unlockMachine, phaseStarts, warn };
    this.server = new PublishingServerVerbs(trial, processes, context);
    const isScripted = trial.scenario.usesNetwork === "packets";
    const packets = isScripted ? processes.packets : null;
    this.network = new MisbehavingNetworkVerbs(processes, packets);
    this.bus = {
      fail: async ({ forMs, afterMs = 0 }) => {
        if (trial.scenario.failsBus !== true || processes.bus === null) throw new Error(noFailing);
        const fromNs = nowNs() + afterMs * 1e6;
        await processes.bus.fail({ forMs, afterMs });
        traffic.rooms?.brokerFailed({ fromNs, untilNs: nowNs() });
      },
    };
    this.balancer = new SparingBalancerVerbs(trial, processes);
    this.intruders = new TryingIntruderVerbs(processes, lockMachine, (intruders) =>
      this.#meter.keepIntruders(intruders),
    );
    this.probe = new WatchingProbeVerbs(trial, processes, lockMachine);
    this.browser = new DrivingBrowserVerbs(trial, processes, {
      lock: lockMachine,
      unlock: unlockMachine,
    });
    this.proxy = { reload: async (how) => await reloaded(processes, how) };
    this.endpoint = {
      ask: async (how) => {
        await lockMachine();
        this.#meter.keepEndpoint(await askedBy(trial, processes, how));
      },
    };
  }

  get phases(): Phase[] {
    return this.#meter.phases;
  }

  get warnings(): Warning[] {
    return this.#meter.warnings;
  }

  async idle(forMs: number): Promise<void> {
    this.#lease.release();
    await this.#processes.idle(forMs);
    await this.#learnRhythm();
  }

  /**
   * Waits until the user's own server has repeated itself, if it does so within `maxIdleMs`: the length of its
   * cycle can only be observed.
   */
  async #learnRhythm(): Promise<void> {
    for (let waitedMs = 0; waitedMs < 2 * this.maxIdleMs; waitedMs += rhythmStepMs) {
      const rhythms = await this.#processes.servers.ask((server) => server.call("rhythm", {}));
      if (rhythms.every(({ isKnown, quietMs }) => isKnown || quietMs >= this.maxIdleMs)) return;
      await this.#processes.idle(rhythmStepMs);
    }
  }

  async phase(
    name: string,
    body: () => Promise<void>,
    { isAttempt = false, isCompared = false }: PhaseOptions = {},
  ): Promise<MeasuredPhase> {
    this.#phaseStarts(name);
    return measuredOf(await this.#meter.measure(name, true, body, { isAttempt, isCompared }));
  }

  async warmUp(body: () => Promise<void>): Promise<void> {
    const meanwhile = this.#warmsUpBeside ? this.#meanwhile() : null;
    this.#phaseStarts("warm-up");
    await this.#meter.measure("warm-up", false, body);
    await meanwhile;
  }

  figure({ oneWay = false, ...figure }: Figure): void {
    const clocks = oneWay && figure.value !== null ? clockBoundIn(this.phases, figure.phase) : {};
    this.figures.push({ table: "", bound: "exact", ...figure, ...clocks });
  }
}
