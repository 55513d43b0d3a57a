import type {
  Asked,
  Asking,
  Heard,
  HearingWait,
  Heartbeats,
  Opened,
  Opening,
  ProbeVerbs,
} from "../../scenarios/scenario.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { noProxy } from "../plan/rehearsal.ts";
import type { ProbeVerbs as ProcessVerbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** Carries out what a script asks of clients that watch a proxy, by asking their process. */
export class WatchingProbeVerbs implements ProbeVerbs {
  readonly #processes: TrialProcesses;
  readonly #lockMachine: () => Promise<void>;
  /** As the variant has them. */
  readonly #usual: Heartbeats;
  #heartbeats: Heartbeats;

  /** `lockMachine` is waited for before anything that is timed. */
  constructor(trial: PlannedTrial, processes: TrialProcesses, lockMachine: () => Promise<void>) {
    this.#processes = processes;
    this.#lockMachine = lockMachine;
    const { idleCycleMs } = trial.variant.bound;
    this.#usual = { everyMs: idleCycleMs, timeoutMs: idleCycleMs, missesAllowed: 0 };
    this.#heartbeats = this.#usual;
  }

  async open({ heartbeats, ...opening }: Opening): Promise<Opened> {
    await this.#lockMachine();
    await this.#beat(heartbeats ?? this.#usual);
    const everyMs = heartbeats === undefined ? {} : { everyMs: heartbeats.everyMs };
    return await this.#probe.call("open", { ...opening, ...everyMs });
  }

  async heard(id: number, waiting?: HearingWait): Promise<Heard> {
    return await this.#probe.call("heard", { id, ...waiting });
  }

  async close(id: number): Promise<number> {
    return await this.#probe.call("close", { id });
  }

  async ask(how: Asking): Promise<Asked | null> {
    await this.#lockMachine();
    return await this.#probe.call("ask", how);
  }

  /** Clients that connect from here on get them from the server. */
  async #beat(heartbeats: Heartbeats): Promise<void> {
    if (heartbeats === this.#heartbeats) return;
    this.#heartbeats = heartbeats;
    const { servers } = this.#processes;
    await servers.ask((server) => server.call("heartbeats", heartbeats));
  }

  get #probe(): Remote<ProcessVerbs> {
    const { probe } = this.#processes;
    if (probe === null) throw new Error(noProxy);
    return probe;
  }
}

/** Has the proxy of a trial read its configuration again. */
export async function reloaded(
  processes: TrialProcesses,
  { afterMs = 0 }: { readonly afterMs?: number } = {},
): Promise<{ readonly impossible: string } | null> {
  const { proxy } = processes;
  if (proxy === null) throw new Error(noProxy);
  if (afterMs > 0) await processes.idle(afterMs);
  return await proxy.reload();
}
