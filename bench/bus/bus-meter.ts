import { randomInt } from "node:crypto";
import { nowNs } from "../measure/clock.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import type { Histogram } from "../results/schema.ts";
import type { BusBytes } from "./bus.ts";
import type { BusBooks } from "./bus-books.ts";
import { NumberRanges } from "./number-ranges.ts";

/** What one server counted at its end of the bus, in a window. */
export interface BusCounts {
  /** Messages that it published, and those of them that were lost at once since the bus couldn't be reached. */
  readonly published: number;
  readonly refused: number;
  /** Messages that it took, its own among them where these cross the bus, too. */
  readonly taken: number;
  /** Messages that came once more. */
  readonly repeated: number;
  /** From publishing until they were taken from the bus. */
  readonly transit: Histogram;
  readonly bytes: BusBytes;
  /** Of each server. */
  readonly books: readonly BusBooks[];
}

/** The same while a window is open. */
export type BusProgress = Pick<BusCounts, "published" | "refused" | "taken">;

/** What a message is known by on the bus. */
export interface MessageHead {
  /** Who published it: any number that the others haven't. */
  readonly publisher: number;
  /** Its number among what that server has published, from 1. */
  readonly number: number;
  readonly publishedNs: number;
}

/** What a message is known by to those who receive it. */
export interface MessageName {
  readonly channel: string;
  readonly sequence: number;
}

const noBytes: BusBytes = { down: 0, up: 0 };

/** Counts what one server publishes on a bus and takes from it. */
export class BusMeter implements Disposable {
  readonly publisher: number = randomInt(2 ** 32);
  /** Whether what this server publishes reaches itself by the bus, as the others. */
  crossesItself = true;
  /** See `BusBooks`; of the present window, or the first. */
  wasTold = false;
  readonly #sequenceOf: (payload: Buffer) => number | null;
  readonly #transit = new DurationHistogram(true);
  /** By their publisher, the number of the last message that was taken. */
  readonly #last = new Map<number, number>();
  #number = 0;
  /** Of the window: how many there were before, what they are, and what became of them. */
  #before = 0;
  #channels: string[] = [];
  #sequences: (number | null)[] = [];
  #unsent = new NumberRanges();
  #refused = 0;
  #ranges = new Map<number, NumberRanges>();
  #hasBegun = false;
  #taken = 0;
  #repeated = 0;
  #bytesBefore = noBytes;

  /** `sequenceOf` tells the number of a message on its channel. */
  constructor(sequenceOf: (payload: Buffer) => number | null) {
    this.#sequenceOf = sequenceOf;
  }

  /** Numbers a message that is to be published. */
  next(channel: string, payload: Buffer): MessageHead {
    this.#number += 1;
    this.#channels.push(channel);
    this.#sequences.push(this.#sequenceOf(payload));
    return { publisher: this.publisher, number: this.#number, publishedNs: nowNs() };
  }

  /** It couldn't be handed to the bus. */
  refuse(number: number): void {
    this.#refused += 1;
    this.#unsent.add(number);
  }

  /** A message has come; false where it had before. */
  take({ publisher, number, publishedNs }: MessageHead): boolean {
    if (number <= (this.#last.get(publisher) ?? 0)) {
      this.#repeated += 1;
      return false;
    }
    this.#last.set(publisher, number);
    if (!this.crossesItself && publisher === this.publisher) return true;
    this.#taken += 1;
    this.#transit.record(nowNs() - publishedNs);
    const known = this.#ranges.get(publisher);
    const ranges = known ?? new NumberRanges();
    if (known === undefined) this.#ranges.set(publisher, ranges);
    ranges.add(number);
    return true;
  }

  /** What the window has had so far. */
  get soFar(): BusProgress {
    const published = this.#number - this.#before;
    return { published, refused: this.#refused, taken: this.#taken };
  }

  /** Opens the window, before which so many bytes had crossed. */
  begin(bytes: BusBytes): void {
    this.#transit.reset();
    this.#before = this.#number;
    this.#channels = [];
    this.#sequences = [];
    this.#unsent = new NumberRanges();
    this.#refused = 0;
    // Who joins late has read a log before its first window, as part of the one that it joins in.
    if (this.#hasBegun) this.#ranges = new Map();
    this.#hasBegun = true;
    this.#taken = 0;
    this.#repeated = 0;
    this.#bytesBefore = bytes;
  }

  /** Closes it. */
  end({ down, up }: BusBytes): BusCounts {
    const numbers = [this.#before + 1, this.#number] as const;
    const { wasTold } = this;
    this.wasTold = false;
    return {
      published: this.#number - this.#before,
      refused: this.#refused,
      taken: this.#taken,
      repeated: this.#repeated,
      transit: this.#transit.encode(),
      bytes: { down: down - this.#bytesBefore.down, up: up - this.#bytesBefore.up },
      books: [
        {
          published: [{ publisher: this.publisher, numbers, unsent: this.#unsent.all }],
          taken: [...this.#ranges].map(([publisher, { all }]) => ({ publisher, ranges: all })),
          ...(wasTold && { wasTold }),
        },
      ],
    };
  }

  /** What messages of the window are; null for one that is another's, or none that the harness knows. */
  nameOf(publisher: number, number: number): MessageName | null {
    const index = number - this.#before - 1;
    const channel = this.#channels[index];
    const sequence = this.#sequences[index];
    if (publisher !== this.publisher || channel === undefined || sequence == null) return null;
    return { channel, sequence };
  }

  [Symbol.dispose](): void {
    this.#transit[Symbol.dispose]();
  }
}
