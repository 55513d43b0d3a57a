import { setTimeout } from "node:timers/promises";
import { nowNs } from "../measure/clock.ts";
import type { Dialler } from "../measure/dialler.ts";
import { histogramOf } from "../measure/histogram.ts";
import type { Recorder, Subscriber } from "../measure/recorder.ts";
import { replaceMethod } from "./faulty.ts";
import type { StoppedReport } from "./protocol.ts";

/** A client that can be stopped. */
export interface Reader {
  readonly subscriber: Subscriber;
  /** What its present connection was dialled by; null while it has none. */
  readonly dialler: Dialler | null;
}

/** Clients of one process that have stopped reading in the present phase. */
export class StoppedReaders {
  readonly #recorder: Recorder;
  #readers: Reader[] = [];
  /** What they were connected by. */
  #diallers = new Map<Reader, Dialler | null>();
  #caughtUpNs: number[] = [];

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  begin(): void {
    this.#readers = [];
    this.#diallers.clear();
    this.#caughtUpNs = [];
  }

  /** Resolves when they read again. */
  async stop(readers: readonly Reader[], forMs: number): Promise<void> {
    const diallers = readers.flatMap(({ dialler }) => dialler ?? []);
    this.#readers.push(...readers);
    for (const reader of readers) this.#diallers.set(reader, reader.dialler);
    for (const dialler of diallers) dialler.stopReading();
    await setTimeout(forMs);
    const fromNs = nowNs();
    for (const { subscriber } of readers) this.#awaitNewest(subscriber, fromNs);
    for (const dialler of diallers) dialler.readOn();
  }

  report(): StoppedReport {
    return {
      count: this.#readers.length,
      disconnected: this.#readers.filter(
        (reader) => !reader.subscriber.open || reader.dialler !== this.#diallers.get(reader),
      ).length,
      caughtUp: histogramOf(this.#caughtUpNs),
    };
  }

  /** Notes when this client gets a message that was sent after it began to read again. */
  #awaitNewest(subscriber: Subscriber, fromNs: number): void {
    const message = subscriber.message.bind(subscriber);
    const undo = replaceMethod(subscriber, "message", (payload) => {
      message(payload);
      if (this.#recorder.lastSentNs < fromNs) return;
      this.#caughtUpNs.push(nowNs() - fromNs);
      undo();
    });
  }
}

/** A share of them, evenly spread; at least one. */
export function shareOf<T>(all: readonly T[], share: number): T[] {
  const count = Math.min(all.length, Math.max(1, Math.round(share * all.length)));
  return Array.from({ length: count }, (_, index) => {
    return all[Math.floor(((index + 0.5) * all.length) / count)];
  }).flatMap((one) => one ?? []);
}
