import { randomInt } from "node:crypto";
import { nowNs } from "../measure/clock.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import type { Histogram } from "../results/schema.ts";
import type { Bus, BusBytes } from "./bus.ts";
import { busFrame, busMessage } from "./bus-frame.ts";

/** What one server counted at its end of the bus, in a window. */
export interface BusCounts {
  /** Messages that it published, and those of them that were lost at once since the bus couldn't be reached. */
  readonly published: number;
  readonly refused: number;
  /** Messages that it took, its own among them where these cross the bus, too. */
  readonly taken: number;
  /** Messages that came once more, and were dropped. */
  readonly repeated: number;
  /** From publishing until they were taken from the bus. */
  readonly transit: Histogram;
  readonly bytes: BusBytes;
}

/** Takes a message that any server has published. */
export type Deliver = (channel: string, payload: Buffer) => void;

const noBytes: BusBytes = { down: 0, up: 0 };

/**
 * A server's end of the bus: numbers what it publishes, takes each message once, and counts. `publish` is called as a
 * server's own.
 */
export class BusEnd implements AsyncDisposable {
  readonly #deliver: Deliver;
  readonly #transit = new DurationHistogram(true);
  readonly #publisher = randomInt(2 ** 32);
  /** By their publisher, the number of the last message that was taken. */
  readonly #last = new Map<number, number>();
  #bus: Bus | null = null;
  /** Whether what this server publishes reaches itself by the bus, as the others. */
  #crossesItself = true;
  #number = 0;
  #published = 0;
  #refused = 0;
  #taken = 0;
  #repeated = 0;
  #before = noBytes;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  /** From here on it publishes on this bus. */
  joined(bus: Bus, crossesItself: boolean): void {
    this.#bus = bus;
    this.#crossesItself = crossesItself;
  }

  /** The bytes of `payload` may change as soon as this returns. */
  readonly publish = (channel: string, payload: Buffer): void => {
    this.#number += 1;
    this.#published += 1;
    const head = { publisher: this.#publisher, number: this.#number, publishedNs: nowNs() };
    if (this.#bus?.publish(busFrame({ ...head, channel, payload })) !== true) this.#refused += 1;
  };

  /** What the bus hands over. */
  readonly take = (frame: Buffer): void => {
    const { publisher, number, publishedNs, channel, payload } = busMessage(frame);
    if (number <= (this.#last.get(publisher) ?? 0)) {
      this.#repeated += 1;
      return;
    }
    this.#last.set(publisher, number);
    if (this.#crossesItself || publisher !== this.#publisher) {
      this.#taken += 1;
      this.#transit.record(nowNs() - publishedNs);
    }
    this.#deliver(channel, payload);
  };

  /** Opens the window in which messages and bytes are counted. */
  begin(): void {
    this.#transit.reset();
    this.#published = 0;
    this.#refused = 0;
    this.#taken = 0;
    this.#repeated = 0;
    this.#before = this.#bus?.bytes() ?? noBytes;
  }

  /** Closes it. */
  end(): BusCounts {
    const { down, up } = this.#bus?.bytes() ?? noBytes;
    return {
      published: this.#published,
      refused: this.#refused,
      taken: this.#taken,
      repeated: this.#repeated,
      transit: this.#transit.encode(),
      bytes: { down: down - this.#before.down, up: up - this.#before.up },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bus?.[Symbol.asyncDispose]();
    this.#transit[Symbol.dispose]();
  }
}
