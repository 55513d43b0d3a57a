import { limitOf } from "./limit.ts";
import { searchLimit } from "./limit-search.ts";
import type { Limit } from "./limit.ts";
import type { Figure, MeasuredPhase, Stage } from "./scenario.ts";

/** 99 % of the deliveries must have arrived within this where the user doesn't say otherwise. */
export const usualObjectiveMs = 100;

/**
 * A rate is tried for at least so many times as long as messages may take. What exceeds the capacity by a tenth is late
 * by a tenth of the time when that is over: so it shows.
 */
const objectivesInTry = 10;

/** The search ends where the highest rate that was served and the lowest that wasn't are this near. */
const precision = 0.1;

/** Fewer messages than this tell nothing of a rate. */
const fewestMessages = 10;

/** A rate that was tried, in messages per second, and what came of it. */
export interface Tried {
  readonly ratePerSecond: number;
  /** As many as that makes, whether they arrived or not. */
  readonly deliveriesPerSecond: number;
  readonly phase: MeasuredPhase;
  readonly isServed: boolean;
}

/** Such as on a network that takes as long by itself. */
const tooSoon: Limit = {
  name: "objective",
  text: "hardly any load is late already",
  isOurs: false,
};

/** How rates are tried. */
export interface Trying {
  /** For how long each: longer where `objectivesInTry` asks for it. */
  readonly forMs: number;
  /** Connects all clients anew: some may be lost at a rate that was too much. */
  readonly renew: () => Promise<void>;
}

/** Finds at which rate clients are still served in time: what is published stays in its proportions. */
export class RateSearch {
  readonly objectiveMs: number;
  /** 99 % must have arrived within this: a client that polls can't have a message before its next poll. */
  readonly limitMs: number;
  readonly forMs: number;
  /** In the order in which they were tried. */
  readonly tried: Tried[] = [];
  readonly #stage: Stage;
  readonly #renew: () => Promise<void>;

  constructor(stage: Stage, { forMs, renew }: Trying) {
    const { objectiveMs = usualObjectiveMs } = stage.workload;
    this.objectiveMs = objectiveMs;
    this.forMs = Math.max(forMs, objectivesInTry * objectiveMs);
    this.limitMs = objectiveMs + (stage.transport.pollIntervalMs ?? 0);
    this.#stage = stage;
    this.#renew = renew;
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

  /** The rates on the way there, from the lowest to the highest; the others lie between two of them. */
  get doublings(): Tried[] {
    const { ratePerSecond: first } = this.#stage.workload;
    return this.tried
      .filter(({ ratePerSecond }) => {
        const doublings = Math.log2(ratePerSecond / first);
        return Math.abs(doublings - Math.round(doublings)) < 0.02;
      })
      .toSorted((one, other) => one.ratePerSecond - other.ratePerSecond);
  }

  /** What was the limit; null where there was none. */
  get limit(): Limit | null {
    if (this.failed === undefined) return null;
    const { phase } = this.failed;
    const canaryNs = phase.canary(0.99) ?? phase.canary(0.9);
    const isCanaryInTime = canaryNs === null ? null : canaryNs <= this.limitMs * 1e6;
    const limit = limitOf({ ...phase, isCanaryInTime });
    return limit.name === "not found" && this.served === undefined ? tooSoon : limit;
  }

  async run(): Promise<void> {
    await searchLimit({
      first: this.#stage.workload.ratePerSecond,
      precision,
      isTooFew: (rate) => (rate * this.forMs) / 1_000 < fewestMessages,
      rounded,
      isServed: (rate) => this.#try(rate),
    });
  }

  /** What isn't served is tried once more, so that one pause of the machine isn't taken for the limit. */
  async #try(ratePerSecond: number): Promise<boolean> {
    const name = `at ${ratePerSecond} msg/s`;
    const once = await this.#play(ratePerSecond, name);
    const last = once.isServed ? once : await this.#play(ratePerSecond, `${name} again`);
    this.tried.push(last);
    return last.isServed;
  }

  async #play(ratePerSecond: number, name: string): Promise<Tried> {
    const { forMs } = this;
    // Then more than half of the messages are too late already.
    const latestMs = this.limitMs + forMs / 2;
    const phase = await this.#stage.phase(
      name,
      () => this.#stage.server.publish({ ratePerSecond, forMs, latestMs }),
      { isAttempt: true },
    );
    const slowestNs = phase.delivery(0.99) ?? phase.maxDeliveryNs ?? 0;
    const isServed =
      phase.lost === 0 && phase.brokenOff === null && slowestNs <= this.limitMs * 1e6;
    if (phase.lost !== 0) await this.#renew();
    const perMessage = phase.intended === 0 ? 0 : phase.expected / phase.intended;
    return { ratePerSecond, deliveriesPerSecond: ratePerSecond * perMessage, phase, isServed };
  }

  /** How exact the highest rate is, and why; `brokenOff` says why the search couldn't be completed. */
  bound(brokenOff: string | null): Pick<Figure, "bound" | "most" | "note"> {
    const { served, failed, limit } = this;
    if (brokenOff !== null) return { bound: "at least", note: brokenOff };
    if (failed === undefined || limit === null) {
      return { bound: "at least", note: "nothing higher was tried" };
    }
    const { phase, ratePerSecond, deliveriesPerSecond } = failed;
    const shown = limit.text === "" ? "" : `; ${limit.text}`;
    const note = `at ${ratePerSecond} msg/s, ${whyNot(phase)}; limit: ${limit.name}${shown}`;
    // Then there is no range of rates that were served.
    if (served === undefined) return { note };
    if (limit.isOurs) return { bound: "at least", note };
    return { bound: "range", most: Math.round(deliveriesPerSecond), note };
  }
}

/** Names of phases have it, and three digits are more than the search knows. */
function rounded(rate: number): number {
  return Number(rate.toPrecision(3));
}

function whyNot(phase: MeasuredPhase): string {
  const { lost, expected, brokenOff } = phase;
  if (brokenOff === "memory") return "the server kept more and more";
  if (lost !== 0) return `${lost ?? "some"} of ${expected} deliveries were lost`;
  const slowestMs = (phase.delivery(0.99) ?? phase.maxDeliveryNs ?? 0) / 1e6;
  return `99 % took up to ${Math.round(slowestMs)} ms`;
}
