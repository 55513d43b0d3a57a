import { setImmediate, setTimeout } from "node:timers/promises";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { OwnReturn } from "../../transports/transport.ts";
import type { Returning } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import { histogramOf } from "../measure/histogram.ts";
import { maxWaits } from "../measure/recorder.ts";
import type { ReturningSubscriber } from "../measure/returning-subscriber.ts";
import type { Lane } from "../results/schema.ts";
import { Outbox } from "../measure/outbox.ts";
import type { AbsenceQuestion, AbsenceReport, OutboxReport } from "./protocol.ts";
import { sum } from "../statistics/basics.ts";
import { Absence } from "../measure/absence.ts";
import { CourseRecorder } from "../measure/course.ts";
import { waitMs } from "./backoff.ts";
import { lossesOf, noLosses, turnsOf } from "../measure/losses.ts";
import type { BusFate, Losses } from "../measure/losses.ts";

/** Turns of the event loop in which a socket's end is read and told by all that stands on it. */
const turnsToNotice = 4;

/** So many clients of a process, and so many absences of each, are told one by one. */
const mostLanes = 16;
const mostAbsences = 50;

/** How one client gets a connection again: subscribed after message number `after`, or wherever the channel stands. */
export type DialAgain = (after: number | undefined) => Promise<void>;

/** Brings clients back that have lost their connection, and keeps the books of their absences. */
export class Absences {
  readonly #random: () => number;
  readonly #of = new WeakMap<ReturningSubscriber, Absence[]>();
  readonly #course = new CourseRecorder();
  #how: Returning | null = null;
  /** Clients that are away. */
  #away = 0;
  /** Those of them for which it is dialled here. */
  readonly #dialling = new Set<ReturningSubscriber>();
  /** Called whenever one of them needn't be waited for any more. */
  #settled = (): void => {};

  constructor(seed: number) {
    const generator = mersenne(seed);
    this.#random = () => uniformFloat64(generator);
  }

  /** How clients come back from here on. */
  set how(how: Returning | null) {
    this.#how = how;
  }

  /** Whether clients come back that lose their connection from here on. */
  get comesBack(): boolean {
    return this.#how !== null && this.#how.policy !== "none";
  }

  /** Whether clients keep what they send. */
  get keepsSent(): boolean {
    return this.#how?.keepsSent === true;
  }

  /** A phase begins at `startNs`. */
  begin(startNs: number): void {
    this.#course.begin(startNs);
  }

  /** Brings this client back whenever it loses its connection; `cursor` is the number of its last message then. */
  follow(subscriber: ReturningSubscriber, cursor: () => number, dialAgain: DialAgain): void {
    const isFollowed = this.#how !== null;
    subscriber.away = isFollowed ? () => void this.#bringBack(subscriber, cursor, dialAgain) : null;
    subscriber.askedAgain = isFollowed ? () => this.#askedAgain(subscriber) : null;
    subscriber.outbox = this.keepsSent ? new Outbox() : null;
  }

  /** What a client is to tell that is connected now; null where it doesn't come back by itself. */
  ownReturnOf(subscriber: ReturningSubscriber): OwnReturn | null {
    if (this.#how?.policy !== "native") return null;
    const absence = (): Absence => this.#pending(subscriber) ?? this.#lost(subscriber);
    return {
      lost: () => void this.#lost(subscriber),
      failed: () => {
        this.#dialled(absence());
        this.#failed(absence());
      },
      back: () => {
        this.#dialled(absence());
        this.#back(absence());
        this.#notAway();
      },
    };
  }

  /** A client has lost its connection that comes back by itself. */
  #lost(subscriber: ReturningSubscriber): Absence {
    this.#away += 1;
    return this.#begin(subscriber, new Absence(subscriber.next, nowNs(), true));
  }

  #notAway(): void {
    this.#away -= 1;
    this.#settled();
  }

  /** A poll that is cut is made again at once, without anyone's doing: that is a short absence, with a resume. */
  #askedAgain(subscriber: ReturningSubscriber): void {
    // Connecting again may take several connections.
    if (subscriber.returned !== null) return;
    const absence = this.#begin(subscriber, new Absence(subscriber.next, nowNs(), true));
    absence.isBackAssumed = true;
    this.#dialled(absence);
    this.#back(absence);
  }

  #begin(subscriber: ReturningSubscriber, absence: Absence): Absence {
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

  /** A client that has just asked again by itself, in vain, is still away. */
  #beginOrGoOn(subscriber: ReturningSubscriber, isResumed: boolean): Absence {
    const all = this.#of.get(subscriber) ?? [];
    const last = all.at(-1);
    if (last === undefined || !last.isBackAssumed || last.receivedNs !== null) {
      return this.#begin(subscriber, new Absence(subscriber.next, nowNs(), isResumed));
    }
    if (last.backNs !== null) this.#course.count("back", last.backNs, -1);
    this.#of.set(subscriber, all.slice(0, -1));
    const absence = new Absence(last.fromSequence, last.awayNs, isResumed);
    absence.dials = last.dials;
    absence.failedDials = last.failedDials;
    this.#failed(absence);
    return this.#begin(subscriber, absence);
  }

  #dialled(absence: Absence): void {
    absence.dials += 1;
    this.#course.count("dials", nowNs());
  }

  #failed(absence: Absence): void {
    absence.failedDials += 1;
    this.#course.count("failed", nowNs());
  }

  #back(absence: Absence): void {
    absence.backNs = nowNs();
    this.#course.count("back", absence.backNs);
  }

  async #bringBack(
    subscriber: ReturningSubscriber,
    cursor: () => number,
    dialAgain: DialAgain,
  ): Promise<void> {
    const how = this.#how;
    // A connection that is lost as soon as it is there counts as one that couldn't be had.
    if (how === null || this.#dialling.has(subscriber)) return;
    // Else it came back by itself, and has given up.
    if (this.#pending(subscriber) === null) {
      this.#away += 1;
      this.#dialling.add(subscriber);
      await this.#dialUntilBack(subscriber, how, cursor, dialAgain);
      this.#dialling.delete(subscriber);
    }
    this.#notAway();
  }

  async #dialUntilBack(
    subscriber: ReturningSubscriber,
    how: Returning,
    cursor: () => number,
    dialAgain: DialAgain,
  ): Promise<void> {
    const absence = this.#beginOrGoOn(subscriber, how.resume || this.keepsSent);
    let beforeMs = how.baseMs;
    for (let attempt = 0; !subscriber.ending; attempt += 1) {
      const forMs = waitMs(how, attempt, beforeMs, this.#random);
      if (forMs === null) return;
      beforeMs = forMs;
      await setTimeout(beforeMs);
      if (subscriber.ending) return;
      this.#dialled(absence);
      try {
        subscriber.open = true;
        await dialAgain(how.resume ? cursor() : undefined);
        if (subscriber.open) return this.#back(absence);
      } catch {
        subscriber.open = false;
      }
      this.#failed(absence);
    }
  }

  /**
   * Resolves when nobody is away any more, or when nobody has come back for `timeoutMs`; after `maxWaits` times that at
   * the latest.
   */
  async returned(timeoutMs: number): Promise<void> {
    // A connection that was cut just now is known to the kernel, but the event loop may have come to this first.
    for (let turn = 0; turn < turnsToNotice; turn += 1) await setImmediate();
    const untilNs = nowNs() + maxWaits * timeoutMs * 1e6;
    while (this.#away > 0 && nowNs() < untilNs) {
      if (!(await this.#nextSettles(timeoutMs))) return;
    }
  }

  /** Whether one that is away needn't be waited for any more, within that time. */
  async #nextSettles(timeoutMs: number): Promise<boolean> {
    const over = new AbortController();
    const settled = new Promise<boolean>((resolve) => (this.#settled = () => resolve(true)));
    const late = setTimeout(timeoutMs, false, { signal: over.signal });
    const hasSettled = await Promise.race([settled, late]);
    late.catch(() => {});
    over.abort();
    return hasSettled;
  }

  /**
   * What became of the messages that clients haven't received, and of the clients that were away since `sinceNs`.
   * `fateOnBus` tells of the server of one of them what it hasn't taken from the bus.
   */
  report(
    subscribers: readonly ReturningSubscriber[],
    { sent, inTurn, sinceNs, restartedNs }: AbsenceQuestion,
    fateOnBus?: (place: number) => (sequence: number) => BusFate | null,
  ): AbsenceReport {
    let losses: Losses = noLosses;
    const recent: Absence[] = [];
    const untilBack: number[] = [];
    for (const [place, subscriber] of subscribers.entries()) {
      const { next, missing, gaps } = subscriber;
      const absences = this.#of.get(subscriber) ?? [];
      const client = { next, missing, absences, gaps, fateOnBus: fateOnBus?.(place) };
      const own = inTurn ? turnsOf(sent, subscribers.length, place) : sent;
      losses = added(losses, lossesOf(client, own));
      recent.push(...absences.filter(({ awayNs }) => awayNs >= sinceNs));
      const backNs = absences.at(-1)?.backNs ?? null;
      if (restartedNs !== null && backNs !== null && backNs >= restartedNs) {
        untilBack.push(backNs - restartedNs);
      }
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
      outboxes: this.keepsSent ? outboxesOf(subscribers) : null,
      untilBack: histogramOf(untilBack),
      course: this.#course.recorded(),
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

function outboxesOf(subscribers: readonly ReturningSubscriber[]): OutboxReport {
  const tallies = subscribers.flatMap(({ outbox }) => outbox?.tally() ?? []);
  return {
    mostKept: Math.max(0, ...tallies.map(({ mostKept }) => mostKept)),
    sentAgain: sum(tallies.map(({ sentAgain }) => sentAgain)),
    unacknowledged: sum(tallies.map(({ unacknowledged }) => unacknowledged)),
    untilAcknowledged: histogramOf(tallies.flatMap(({ untilAcknowledged }) => untilAcknowledged)),
  };
}

function added(a: Losses, b: Losses): Losses {
  return {
    unsent: a.unsent + b.unsent,
    untaken: a.untaken + b.untaken,
    inFlight: a.inFlight + b.inFlight,
    missed: a.missed + b.missed,
    overrun: a.overrun + b.overrun,
    unaccounted: a.unaccounted + b.unaccounted,
  };
}
