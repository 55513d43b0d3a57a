import type {
  Connected,
  ConnectOptions,
  Measured,
  PollCeiling,
  SendingOptions,
  Stage,
} from "../scenarios/scenario.ts";
import type { PlannedTrial } from "./plan.ts";

/** Starting two processes, measured on two cores; with more it is shorter. */
const startMs = 900;

/** Ending them, and the questions between the verbs. */
const phaseMs = 15;

/** Connections dialled per millisecond. */
const dialsPerMs = 2;

/** What playing a script would come to. */
export interface Rehearsal {
  readonly durationMs: number;
  readonly phases: readonly string[];
}

/**
 * Plays a trial's script on a stage where every verb succeeds at once and only adds up its time: so a
 * plan and its duration come from the script itself.
 */
export async function rehearse(trial: PlannedTrial): Promise<Rehearsal> {
  const stage = new EmptyStage(trial);
  await trial.scenario.play(stage);
  return { durationMs: stage.durationMs, phases: stage.phases };
}

class EmptyStage implements Stage {
  readonly workload: Stage["workload"];
  readonly transport: Stage["transport"];
  readonly patienceMs: number;
  readonly phases: string[] = [];
  durationMs: number = startMs;
  #clients = 0;

  constructor({ workload, variant: { bound }, patienceMs }: PlannedTrial) {
    this.workload = workload;
    this.patienceMs = patienceMs;
    this.transport = {
      delivery: bound.delivery,
      idleCycleMs: bound.idleCycleMs,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
    };
  }

  async connect(clients: number, options?: ConnectOptions): Promise<void> {
    await this.tryConnect(clients, options);
  }

  async tryConnect(clients: number, _options?: ConnectOptions): Promise<Connected> {
    this.durationMs += Math.max(0, clients - this.#clients) / dialsPerMs;
    this.#clients = clients;
    return { clients, stopped: null };
  }

  async disconnect(clients = 0): Promise<void> {
    this.#clients = clients;
  }

  async publish({ forMs }: SendingOptions): Promise<void> {
    this.durationMs += forMs;
  }

  send(sending: SendingOptions): Promise<void> {
    return this.publish(sending);
  }

  idle(forMs: number): Promise<void> {
    return this.publish({ forMs });
  }

  async phase(name: string, body: () => Promise<void>): Promise<Measured> {
    this.phases.push(name);
    await body();
    // The last messages are waited for, and on a grid the last client has them after one interval.
    this.durationMs += phaseMs + (this.transport.pollIntervalMs ?? 0);
    return nothingMeasured(this.#clients);
  }

  async warmUp(body: () => Promise<void>): Promise<void> {
    this.phases.push("warm-up");
    await body();
    this.durationMs += phaseMs;
  }

  async serverMemory(): Promise<number> {
    return 0;
  }

  async pollCeiling({ forMs }: { forMs: number }): Promise<PollCeiling | null> {
    if (this.transport.delivery === "push") return null;
    this.phases.push("poll ceiling");
    this.durationMs += forMs;
    return { requestsPerSecond: 0, serverUtilisation: 1 };
  }

  figure(): void {}
}

function nothingMeasured(clients: number): Measured {
  return {
    durationMs: 0,
    clients,
    expected: 0,
    delivered: 0,
    lost: 0,
    arrived: 0,
    delivery: () => null,
    lastClient: () => null,
    setUp: () => null,
    maxDeliveryNs: null,
    meanDeliveryNs: null,
    bytes: { down: 0, up: 0 },
    parts: { setUp: 0, deliveries: 0, emptyPolls: 0, heartbeats: 0, upstream: 0 },
    requests: 0,
    connections: 0,
    serverCpuMs: 0,
    loadCpuMs: 0,
  };
}
