import { setTimeout } from "node:timers/promises";
import type {
  AnsweredInTab,
  AskingInTab,
  BrowserVerbs,
  Filled,
  Filling,
  HeardInTabs,
  OpenStreams,
  Ticked,
  Visibility,
} from "../../scenarios/scenario.ts";
import { noBrowser } from "../plan/rehearsal.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { LoadVerbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import { sum } from "../statistics/basics.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** How often the server is asked whether another poll has come. */
const lookAgainMs = 5;

/** So many polls are begun at first; then as many as have come. */
const firstPolls = 8;

/** The machine, which trials that wait side by side have in turn. */
interface Machine {
  /** Resolves when the trial has it: waited for before anything that is timed. */
  readonly lock: () => Promise<void>;
  readonly unlock: () => void;
}

/** Carries out what a script asks of a browser's tabs, by asking the load process that drives it. */
export class DrivingBrowserVerbs implements BrowserVerbs {
  readonly #trial: PlannedTrial;
  readonly #processes: TrialProcesses;
  readonly #machine: Machine;

  constructor(trial: PlannedTrial, processes: TrialProcesses, machine: Machine) {
    this.#trial = trial;
    this.#processes = processes;
    this.#machine = machine;
  }

  async tabs(count: number): Promise<void> {
    await this.#machine.lock();
    await this.#onServer();
    await this.#load.call("openTabs", { count });
  }

  /** Most of it is waiting for what doesn't open, so that another trial may have the machine. */
  async fillUp({ origin = "same", ...filling }: Filling): Promise<Filled> {
    this.#machine.unlock();
    if (this.#arePolls) return await this.#fillWithPolls({ origin, ...filling });
    return await this.#load.call("fillTab", { origin, ...filling });
  }

  fetch(asking: AskingInTab): Promise<AnsweredInTab> {
    return this.#load.call("fetchInTab", asking);
  }

  async closeFirst(how: { readonly tab: number; readonly waitMs: number }): Promise<number | null> {
    await this.#machine.lock();
    return await this.#load.call("closeFirstInTab", how);
  }

  giveUp(): Promise<void> {
    return this.#load.call("giveUpInTabs", {});
  }

  async open(): Promise<OpenStreams> {
    const [{ open, longestWaitMs }, onServer] = await Promise.all([
      this.#load.call("countTabs", {}),
      this.#onServer(),
    ]);
    return { inTabs: open, onServer, longestWaitMs };
  }

  heard(): Promise<HeardInTabs> {
    return this.#load.call("heardInTabs", {});
  }

  show(how: { readonly tab: number; readonly isVisible: boolean }): Promise<Visibility> {
    return this.#load.call("showTab", how);
  }

  async showClients(isVisible: boolean): Promise<void> {
    const { loads } = this.#processes.fleet;
    await Promise.all(loads.map(({ remote }) => remote.call("showPages", { isVisible })));
  }

  tick(how: { readonly tab: number; readonly forMs: number }): Promise<Ticked> {
    return this.#load.call("tickInTab", how);
  }

  /** A page doesn't get to know whether a poll has come that isn't answered: more are begun until the server lacks some. */
  async #fillWithPolls({ tab, origin, atMost, waitMs }: Required<Filling>): Promise<Filled> {
    const before = await this.#onServer();
    let asked = 0;
    let opened = 0;
    while (asked < atMost && opened === asked) {
      const count = Math.min(Math.max(firstPolls, asked), atMost - asked);
      await this.#load.call("pollInTab", { tab, origin, count });
      asked += count;
      opened = (await this.#settledAt(before + asked, waitMs)) - before;
    }
    await this.#load.call("settlePolls", { tab, opened });
    return { opened, next: opened === asked ? null : { how: "waits" } };
  }

  /** How many are open on the server as soon as they are so many, or none has come for so long. */
  async #settledAt(wanted: number, waitMs: number): Promise<number> {
    let open = await this.#onServer();
    for (let sinceMs = performance.now(); open < wanted; await setTimeout(lookAgainMs)) {
      const now = await this.#onServer();
      if (now !== open) sinceMs = performance.now();
      open = now;
      if (performance.now() - sinceMs > waitMs) break;
    }
    return open;
  }

  async #onServer(): Promise<number> {
    const { servers } = this.#processes;
    return sum(await Promise.all(servers.own.map((server) => server.call("openExchanges", {}))));
  }

  /** Each is answered as soon as there is something, and then is over. */
  get #arePolls(): boolean {
    return this.#trial.variant.bound.delivery === "pull";
  }

  get #load(): Remote<LoadVerbs> {
    const [load] = this.#processes.fleet.loads;
    if (load === undefined || this.#trial.scenario.usesTabs !== true) throw new Error(noBrowser);
    return load.remote;
  }
}
