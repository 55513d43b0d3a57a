import { memoryHeld } from "./memory-figures.ts";
import type { MemoryHeld } from "./memory-figures.ts";
import type { Figure, MeasuredPhase, Stage, Stopped } from "./scenario.ts";

/** A broadcast must reach every client, and 99 % of them, within this where the user doesn't say otherwise. */
const usualObjectiveMs = 1_000;

/**
 * Where nothing tells what the limit is, the search ends when the largest number that holds and the least
 * that doesn't are this near: what can't be served in time is no sharp limit.
 */
const precision = 0.05;

/** How many guesses may be wrong: a server that loses messages at random would make the search go on. */
const maxWrongGuesses = 2;

/** Where the doubling begins: low enough that there are several steps before most limits. */
const firstStep = 125;

/** A number of clients that was held and served. */
export interface Plateau extends MemoryHeld {
  readonly connectsPerSecond: number | null;
  readonly broadcastNs: number | null;
  /** Until 99 % of them had it. */
  readonly broadcastP99Ns: number | null;
}

/** Why a number of clients doesn't hold, and how many of them were connected or served. */
interface Failure {
  readonly reached: number;
  /** Whether one more than these was refused. */
  readonly isRefusal: boolean;
  readonly reason: Stopped;
}

/** Finds how many clients can be held and served. */
export class ClientSearch {
  readonly #stage: Stage;
  /** The numbers of clients that were held, in the order in which they were tried. */
  readonly plateaus: Plateau[] = [];
  #stopped: Stopped | null = null;
  /** The largest number that held, and the least that didn't. */
  #held = 0;
  #failing: number;
  /** The limit that a failure suggests. */
  #guess: number | null = null;
  #wrongGuesses = 0;
  /** That are connected now. */
  #clients = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#failing = stage.workload.maxConnections + 1;
  }

  /** Doubles until it fails; then tries what the failure suggests, or else halves the distance. */
  async run(): Promise<void> {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const failure = await this.#hold(next);
      if (failure === null) this.#held = next;
      else this.#learn(next, failure);
    }
  }

  #learn(tried: number, { reached, isRefusal, reason }: Failure): void {
    this.#stopped = reason;
    this.#failing = isRefusal && reached > this.#held ? reached + 1 : tried;
    if (tried === this.#guess) this.#wrongGuesses += 1;
    this.#guess = this.#wrongGuesses < maxWrongGuesses ? reached : null;
  }

  /** The number of clients to try next; null when it is known how many hold. */
  #next(): number | null {
    const [held, failing, guess] = [this.#held, this.#failing, this.#guess];
    if (failing - held === 1) return null;
    if (this.#stopped === null) return Math.min(failing - 1, held === 0 ? firstStep : held * 2);
    if (guess !== null && held < guess && guess < failing) return guess;
    // It holds, as was guessed: is it the limit?
    if (guess === held && held > 0) return held + 1;
    return failing - held <= held * precision ? null : Math.floor((held + failing) / 2);
  }

  /** Steps to `clients`, and checks that a broadcast reaches every one of them in time. */
  async #hold(clients: number): Promise<Failure | null> {
    const stage = this.#stage;
    const before = this.#clients;
    let reached = { clients: 0, stopped: null as Stopped | null };
    const ramp = await stage.phase(`ramp to ${clients}`, async () => {
      reached = await stage.clients.tryConnect(clients);
    });
    this.#clients = reached.clients;
    if (reached.stopped !== null) {
      return { reached: reached.clients, isRefusal: true, reason: reached.stopped };
    }
    const probe = await stage.phase(`broadcast to ${clients}`, () =>
      stage.server.publish({ ratePerSecond: 10, forMs: 100 }),
    );
    const unserved = this.#unserved(probe);
    if (unserved !== null) return unserved;
    // What compresses a connection takes memory for it as soon as the first message comes.
    const held = await memoryHeld(stage, clients);
    const added = Math.max(0, clients - before);
    this.plateaus.push({
      ...held,
      connectsPerSecond: added === 0 ? null : (1_000 * added) / ramp.durationMs,
      broadcastNs: probe.maxDeliveryNs,
      broadcastP99Ns: probe.delivery(0.99),
    });
    return null;
  }

  /** Why a broadcast doesn't count as served, or null when it does. */
  #unserved(probe: MeasuredPhase): Failure | null {
    // A client that polls can't have it before its next poll.
    const { objectiveMs = usualObjectiveMs } = this.#stage.workload;
    const limitMs = objectiveMs + (this.#stage.transport.pollIntervalMs ?? 0);
    if (probe.lost !== null && probe.lost > 0) {
      return {
        reached: probe.expected - probe.lost,
        isRefusal: false,
        reason: {
          side: "server",
          cause: "not served",
          explanation: `${probe.lost} of ${probe.expected} clients did not receive the broadcast`,
        },
      };
    }
    const slowestMs = (probe.delivery(0.99) ?? probe.maxDeliveryNs ?? 0) / 1e6;
    if (slowestMs <= limitMs) return null;
    return {
      reached: 0,
      isRefusal: false,
      reason: {
        side: "server",
        cause: "not in time",
        explanation: `the broadcast took ${Math.round(slowestMs)} ms, with ${limitMs} ms allowed`,
      },
    };
  }

  /** What stopped it; null where nothing did. */
  get stopped(): Stopped | null {
    return this.#stopped;
  }

  /** The largest number that was held, if any was. */
  get most(): Plateau | undefined {
    return this.plateaus.reduce<Plateau | undefined>(
      (most, plateau) => (most === undefined || plateau.clients > most.clients ? plateau : most),
      undefined,
    );
  }

  /** How exact the number held is, and why; `brokenOff` says why the search could not be completed. */
  bound(brokenOff: string | null): Pick<Figure, "bound" | "most" | "note"> {
    const stopped = this.#stopped;
    const note = brokenOff ?? stopped?.explanation ?? "nothing stopped it before --max-connections";
    if (stopped?.side !== "server" || brokenOff !== null) return { bound: "at least", note };
    const most = this.#failing - 1;
    if (most === this.#held) return { bound: "exact", note };
    return { bound: "range", most, note: `${note}; the search ends within ${100 * precision} %` };
  }
}
