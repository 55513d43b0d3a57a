import { setTimeout } from "node:timers/promises";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { OwnReturn } from "../../transports/transport.ts";
import type { Returning } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import { histogramOf } from "../measure/histogram.ts";
import type { ReturningSubscriber } from "../measure/returning-subscriber.ts";
import type { AbsenceReport } from "./protocol.ts";
import type { Lane } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import { Absence } from "../measure/absence.ts";
import { waitMs } from "./backoff.ts";
import { lossesOf, noLosses } from "../measure/losses.ts";
import type { Losses, Sent } from "../measure/losses.ts";

/** So many clients of a process, and so many absences of each, are told one by one. */
const mostLanes = 16;
const mostAbsences = 50;

/** How one client gets a connection again: subscribed after message number `after`, or wherever the channel stands. */
export type DialAgain = (after: number | undefined) => Promise<void>;

/** Brings clients back that have lost their connection, and keeps the books of their absences. */
export class Absences {
  readonly #random: () => number;
  readonly #of = new Map<ReturningSubscriber, Absence[]>();
  #how: Returning | null = null;

  constructor(seed: number) {
    const generator = mersenne(seed);
    this.#random = () => uniformFloat64(generator);
  }

  /** How clients come back from here on. */
  set how(how: Returning | null) {
    this.#how = how;
  }

  /** Brings this client back whenever it loses its connection; `cursor` is the number of its last message then. */
  follow(subscriber: ReturningSubscriber, cursor: () => number, dialAgain: DialAgain): void {
    const isFollowed = this.#how !== null;
    subscriber.away = isFollowed
      ? () => void this.#bringBack(subscriber, cursor(), dialAgain)
      : null;
    subscriber.askedAgain = isFollowed ? () => this.#askedAgain(subscriber) : null;
  }

  /** What a client is to tell that is connected now; null where it doesn't come back by itself. */
  ownReturnOf(subscriber: ReturningSubscriber): OwnReturn | null {
    if (this.#how?.policy !== "native") return null;
    const dialled = (): Absence => {
      const absence = this.#pending(subscriber) ?? this.#begin(subscriber, true);
      absence.dials += 1;
      return absence;
    };
    return {
      lost: () => void this.#begin(subscriber, true),
      failed: () => void (dialled().failedDials += 1),
      back: () => void (dialled().backNs = nowNs()),
    };
  }

  /** A poll that is cut is made again at once, without anyone's doing: that is a short absence, with a resume. */
  #askedAgain(subscriber: ReturningSubscriber): void {
    // Connecting again may take several connections.
    if (subscriber.returned !== null) return;
    const absence = this.#begin(subscriber, true);
    absence.dials = 1;
    absence.backNs = absence.awayNs;
  }

  #begin(subscriber: ReturningSubscriber, isResumed: boolean): Absence {
    const absence = new Absence(subscriber.next, nowNs(), isResumed);
    subscriber.returned = absence;
    this.#of.set(subscriber, [...(this.#of.get(subscriber) ?? []), absence]);
    return absence;
  }

  #lanes(subscribers: readonly ReturningSubscriber[], sinceNs: number): Lane[] {
    const every = Math.ceil(subscribers.length / mostLanes);
    return subscribers
      .filter((_, index) => index % every === 0)
      .flatMap((subscriber, index) =>
        (this.#of.get(subscriber) ?? [])
          .filter(({ awayNs }) => awayNs >= sinceNs)
          .slice(0, mostAbsences)
          .map((absence) => laneOf(index * every, absence, sinceNs)),
      );
  }

  #pending({ returned }: ReturningSubscriber): Absence | null {
    return returned?.backNs === null ? returned : null;
  }

  async #bringBack(
    subscriber: ReturningSubscriber,
    cursor: number,
    dialAgain: DialAgain,
  ): Promise<void> {
    const how = this.#how;
    if (how === null) return;
    // One that came back by itself has given up.
    const absence = this.#pending(subscriber) ?? this.#begin(subscriber, how.resume);
    let beforeMs = how.baseMs;
    while (!subscriber.ending) {
      const forMs = waitMs(how, absence.dials, beforeMs, this.#random);
      if (forMs === null) return;
      beforeMs = forMs;
      await setTimeout(beforeMs);
      if (subscriber.ending) return;
      absence.dials += 1;
      try {
        subscriber.open = true;
        await dialAgain(how.resume ? cursor : undefined);
        absence.backNs = nowNs();
        return;
      } catch {
        subscriber.open = false;
        absence.failedDials += 1;
      }
    }
  }

  /** What became of the messages that clients haven't received, and of the clients that were away since `sinceNs`. */
  report(subscribers: readonly ReturningSubscriber[], sent: Sent, sinceNs: number): AbsenceReport {
    let losses: Losses = noLosses;
    const recent: Absence[] = [];
    for (const subscriber of subscribers) {
      const { next, missing, gaps } = subscriber;
      const absences = this.#of.get(subscriber) ?? [];
      losses = added(losses, lossesOf({ next, missing, absences, gaps }, sent));
      recent.push(...absences.filter(({ awayNs }) => awayNs >= sinceNs));
    }
    const durations = (end: "backNs" | "receivedNs"): number[] =>
      recent.flatMap((absence) => {
        const endNs = absence[end];
        return endNs === null ? [] : [endNs - absence.awayNs];
      });
    return {
      ...losses,
      lanes: this.#lanes(subscribers, sinceNs),
      count: recent.length,
      lasting: recent.filter(({ backNs }) => backNs === null).length,
      dials: sum(recent.map(({ dials }) => dials)),
      failedDials: sum(recent.map(({ failedDials }) => failedDials)),
      untilSubscribed: histogramOf(durations("backNs")),
      untilReceiving: histogramOf(durations("receivedNs")),
    };
  }
}

function laneOf(
  client: number,
  { awayNs, backNs, caughtUpNs, replayed, doubled }: Absence,
  sinceNs: number,
): Lane {
  const ms = (ns: number): number => (ns - sinceNs) / 1e6;
  return {
    client,
    awayMs: ms(awayNs),
    backMs: backNs === null ? null : ms(backNs),
    caughtUpMs: caughtUpNs === null ? null : ms(caughtUpNs),
    replayed,
    doubled,
  };
}

function added(a: Losses, b: Losses): Losses {
  return {
    inFlight: a.inFlight + b.inFlight,
    missed: a.missed + b.missed,
    overrun: a.overrun + b.overrun,
    unaccounted: a.unaccounted + b.unaccounted,
  };
}
