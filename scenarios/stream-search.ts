import { limitOf } from "./limit.ts";
import type { Limit } from "./limit.ts";
import { searchLimit } from "./limit-search.ts";
import { usualObjectiveMs } from "./rate-search.ts";
import type { Figure, MeasuredPhase, Prompting, Stage } from "./scenario.ts";

/** Each number of streams is tried for as long as their first requests take to begin, and one answer. */
const tryForMs = 1_000;

/** The search ends where the most that were served and the least that weren't are this near. */
const precision = 0.2;

/** How streams are tried. */
export interface StreamTrying {
  readonly prompting: Omit<Prompting, "requests" | "forMs">;
  readonly first: number;
  /** Fewer aren't tried. */
  readonly least: number;
}

/** A number of streams that was tried. */
interface TriedStreams {
  readonly streams: number;
  readonly phase: MeasuredPhase;
  readonly isServed: boolean;
}

/** Finds how many streams at once get 99 % of their tokens in time, and all of them. */
export class StreamSearch {
  readonly objectiveMs: number;
  /** A client that polls can't have a token before its next poll. */
  readonly limitMs: number;
  readonly tried: TriedStreams[] = [];
  readonly #stage: Stage;
  readonly #how: StreamTrying;

  constructor(stage: Stage, how: StreamTrying) {
    const { objectiveMs = usualObjectiveMs } = stage.workload;
    this.objectiveMs = objectiveMs;
    this.limitMs = objectiveMs + (stage.transport.pollIntervalMs ?? 0);
    this.#stage = stage;
    this.#how = how;
  }

  async run(): Promise<void> {
    await searchLimit({
      first: this.#how.first,
      precision,
      most: this.#stage.workload.maxConnections,
      isTooFew: (streams) => streams < this.#how.least,
      rounded: (streams) => Math.max(1, Math.round(streams)),
      isServed: (streams) => this.#try(streams),
    });
  }

  /** The most that were served; undefined where none were. */
  get served(): TriedStreams | undefined {
    return this.#sorted((one) => one.isServed).at(-1);
  }

  /** The least that weren't; undefined where all were. */
  get failed(): TriedStreams | undefined {
    return this.#sorted((one) => !one.isServed).at(0);
  }

  #sorted(which: (one: TriedStreams) => boolean): TriedStreams[] {
    return this.tried.filter(which).toSorted((one, other) => one.streams - other.streams);
  }

  /** What isn't served is tried once more, so that one pause of the machine isn't taken for the limit. */
  async #try(streams: number): Promise<boolean> {
    const name = `${streams} ${streams === 1 ? "stream" : "streams"}`;
    const once = await this.#play(streams, name);
    const last = once.isServed ? once : await this.#play(streams, `${name} again`);
    this.tried.push(last);
    return last.isServed;
  }

  async #play(streams: number, name: string): Promise<TriedStreams> {
    const { clients } = this.#stage;
    const { prompting } = this.#how;
    await clients.connect(streams, { channels: "own", prompts: true });
    // Then more than half of what follows is too late already.
    const latestMs = this.limitMs + tryForMs / 2;
    const phase = await this.#stage.phase(
      name,
      () => clients.prompt({ ...prompting, forMs: tryForMs, latestMs }),
      { isAttempt: true },
    );
    const slowestNs = phase.delivery(0.99) ?? phase.maxDeliveryNs ?? 0;
    const isServed =
      phase.lost === 0 && phase.brokenOff === null && slowestNs <= this.limitMs * 1e6;
    // What is still under way belongs to no other attempt.
    if (!isServed) await clients.disconnect();
    return { streams, phase, isServed };
  }

  /** What was the limit; null where there was none. */
  get limit(): Limit | null {
    if (this.failed === undefined) return null;
    return limitOf({ ...this.failed.phase, isCanaryInTime: null });
  }

  /** How exact the number is, and why; `brokenOff` says why the search couldn't be completed. */
  bound(brokenOff: string | null): Pick<Figure, "bound" | "most" | "note"> {
    const { served, failed, limit } = this;
    if (brokenOff !== null) return { bound: "at least", note: brokenOff };
    if (failed === undefined || limit === null) {
      return { bound: "at least", note: "more weren't tried: see --max-connections" };
    }
    const shown = limit.text === "" ? "" : `; ${limit.text}`;
    const note = `with ${failed.streams}, ${whyNot(failed.phase)}; limit: ${limit.name}${shown}`;
    if (served === undefined) return { note };
    if (limit.isOurs) return { bound: "at least", note };
    return { bound: "range", most: failed.streams, note };
  }
}

function whyNot(phase: MeasuredPhase): string {
  const { lost, expected, brokenOff } = phase;
  if (brokenOff === null && lost !== 0) return `${lost ?? "some"} of ${expected} tokens were lost`;
  const slowestMs = (phase.delivery(0.99) ?? phase.maxDeliveryNs ?? 0) / 1e6;
  return `99 % took up to ${Math.round(slowestMs)} ms`;
}
