import type { BalancerVerbs, Draining } from "../../scenarios/scenario.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { noDraining } from "../plan/rehearsal.ts";
import type { TrialBalancer } from "./trial-balancer.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** Carries out what a script asks of the balancer, by asking the process that runs it. */
export class SparingBalancerVerbs implements BalancerVerbs {
  readonly #trial: PlannedTrial;
  readonly #processes: TrialProcesses;

  constructor(trial: PlannedTrial, processes: TrialProcesses) {
    this.#trial = trial;
    this.#processes = processes;
  }

  async drain({ server, afterMs = 0 }: Draining): Promise<void> {
    const balancer = this.#asked();
    if (afterMs > 0) await this.#processes.idle(afterMs);
    await balancer.drain([server]);
  }

  async restore(): Promise<void> {
    await this.#asked().drain([]);
  }

  async forget(): Promise<void> {
    await this.#asked().forget();
  }

  #asked(): TrialBalancer {
    const { balancer } = this.#processes;
    if (balancer === null || this.#trial.scenario.drainsServers !== true)
      throw new Error(noDraining);
    return balancer;
  }
}
