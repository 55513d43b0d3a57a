import type { Figure, MeasuredPhase, Stage } from "./scenario.ts";

/** 99 % of the deliveries must have arrived within this. */
export const objectiveMs = 100;

const tryForMs = 2_000;

/** So many rates at most, each the double of the one before, and then halved between what was served and what wasn't. */
const mostDoublings = 9;
const halvings = 2;

/** From here on a load process may be what limits, and not a server. */
const mostLoadShare = 0.7;

/** A rate that was tried, in messages per second, and what came of it. */
export interface Tried {
  readonly ratePerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly phase: MeasuredPhase;
  readonly isServed: boolean;
}

/** Finds at which rate clients are still served in time: what is published stays in its proportions. */
export class RateSearch {
  readonly #stage: Stage;
  readonly tried: Tried[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The highest rate that was served; undefined where none was. */
  get served(): Tried | undefined {
    return this.tried
      .filter(({ isServed }) => isServed)
      .toSorted((one, other) => one.ratePerSecond - other.ratePerSecond)
      .at(-1);
  }

  /** The lowest that wasn't; undefined where all were. */
  get failed(): Tried | undefined {
    return this.tried
      .filter(({ isServed }) => !isServed)
      .toSorted((one, other) => one.ratePerSecond - other.ratePerSecond)
      .at(0);
  }

  async run(): Promise<void> {
    let rate = this.#stage.workload.ratePerSecond;
    for (let doubled = 0; doubled < mostDoublings; doubled += 1) {
      if (!(await this.#try(rate))) break;
      rate *= 2;
    }
    for (let halved = 0; halved < halvings; halved += 1) {
      const [most, least] = [this.served, this.failed];
      if (most === undefined || least === undefined) return;
      await this.#try(Math.round((most.ratePerSecond + least.ratePerSecond) / 2));
    }
  }

  /** What isn't served is tried once more, so that one pause of the machine isn't taken for the limit. */
  async #try(ratePerSecond: number): Promise<boolean> {
    const name = `at ${ratePerSecond} msg/s`;
    const tried = await this.#play(ratePerSecond, name);
    const last = tried.isServed ? tried : await this.#play(ratePerSecond, `${name} again`);
    this.tried.push(last);
    return last.isServed;
  }

  async #play(ratePerSecond: number, name: string): Promise<Tried> {
    const stage = this.#stage;
    const phase = await stage.phase(
      name,
      () => stage.server.publish({ ratePerSecond, forMs: tryForMs }),
      { isAttempt: true },
    );
    // A client that polls can't have a message before its next poll.
    const limitNs = 1e6 * (objectiveMs + (stage.transport.pollIntervalMs ?? 0));
    const slowestNs = phase.delivery(0.99) ?? phase.maxDeliveryNs ?? 0;
    const isServed = phase.lost === 0 && slowestNs <= limitNs;
    const deliveriesPerSecond = (1_000 * phase.expected) / tryForMs;
    return { ratePerSecond, deliveriesPerSecond, phase, isServed };
  }

  /** How exact the highest rate is, and what the processes of both sides did where it ended. */
  bound(): Pick<Figure, "bound" | "most" | "note"> {
    const { served, failed } = this;
    if (failed === undefined) return { bound: "at least", note: "nothing higher was tried" };
    const { phase, ratePerSecond, deliveriesPerSecond } = failed;
    const note = `at ${ratePerSecond} msg/s, ${whyNot(phase)}; ${coresText(phase)}`;
    // Then there is no range of rates that were served.
    if (served === undefined) return { note };
    if (phase.busiestLoadShare > mostLoadShare) {
      return { bound: "at least", note: `${note}, one of their processes all that it could` };
    }
    return { bound: "range", most: Math.round(deliveriesPerSecond), note };
  }
}

function whyNot(phase: MeasuredPhase): string {
  const { lost, expected } = phase;
  if (lost !== 0) return `${lost ?? "some"} of ${expected} deliveries were lost`;
  const slowestMs = (phase.delivery(0.99) ?? phase.maxDeliveryNs ?? 0) / 1e6;
  return `99 % took up to ${Math.round(slowestMs)} ms`;
}

function coresText({ serverCpuMs, loadCpuMs, durationMs }: MeasuredPhase): string {
  const cores = (cpuMs: number): string => (cpuMs / durationMs).toFixed(1);
  const server = serverCpuMs === null ? "" : `servers used ${cores(serverCpuMs)} cores, `;
  return `${server}clients ${cores(loadCpuMs)}`;
}
