import type { IntruderVerbs } from "../../scenarios/scenario.ts";
import { noIntruders } from "../plan/rehearsal.ts";
import type { Intruders } from "../results/recorded-intruders.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** Carries out what a script asks of intruders, by asking their process. */
export class TryingIntruderVerbs implements IntruderVerbs {
  readonly #processes: TrialProcesses;
  readonly #lockMachine: () => Promise<void>;
  readonly #keep: (intruders: readonly Intruders[]) => void;

  /** `keep` gets what became of each kind. */
  constructor(
    processes: TrialProcesses,
    lockMachine: () => Promise<void>,
    keep: (intruders: readonly Intruders[]) => void,
  ) {
    this.#processes = processes;
    this.#lockMachine = lockMachine;
    this.#keep = keep;
  }

  async intrude({ forMs }: { readonly forMs: number }): Promise<void> {
    const { intruders } = this.#processes;
    if (intruders === null) throw new Error(noIntruders);
    await this.#lockMachine();
    this.#keep(await intruders.call("intrude", { forMs }));
  }
}
