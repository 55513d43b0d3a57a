import type { Bus } from "./bus.ts";
import { busFrame, busMessage } from "./bus-frame.ts";
import { BusMeter } from "./bus-meter.ts";
import type { BusCounts, BusProgress, MessageName } from "./bus-meter.ts";

/** Takes a message that any server has published. */
export type Deliver = (channel: string, payload: Buffer) => void;

/** A server's end of whatever carries messages between servers. */
export interface BusEnd extends AsyncDisposable {
  /** Called as a server's own. The bytes of `payload` may change as soon as this returns. */
  readonly publish: (channel: string, payload: Buffer) => void;
  /** What the window has had so far. */
  readonly soFar: BusProgress;
  /** Opens the window in which messages and bytes are counted. */
  begin(): void;
  /** Closes it. */
  end(): BusCounts;
  /** See `BusMeter`. */
  nameOf(publisher: number, number: number): MessageName | null;
}

const noBytes = { down: 0, up: 0 };

/** An end of the harness's own buses: numbers what it publishes, takes each message once, and counts. */
export class FramedBusEnd implements BusEnd {
  readonly #deliver: Deliver;
  readonly #meter: BusMeter;
  #bus: Bus | null = null;
  #isClosed = false;

  /** `sequenceOf` tells the number of a message on its channel. */
  constructor(deliver: Deliver, sequenceOf: (payload: Buffer) => number | null) {
    this.#deliver = deliver;
    this.#meter = new BusMeter(sequenceOf);
  }

  /** From here on it publishes on this bus. */
  joined(bus: Bus, crossesItself: boolean, wasTold = false): void {
    this.#bus = bus;
    this.#meter.crossesItself = crossesItself;
    this.#meter.wasTold = wasTold;
  }

  readonly publish = (channel: string, payload: Buffer): void => {
    const head = this.#meter.next(channel, payload);
    const isSent = this.#bus?.publish(busFrame({ ...head, channel, payload })) === true;
    if (!isSent) this.#meter.refuse(head.number);
  };

  /** What the bus hands over. */
  readonly take = (frame: Buffer): void => {
    // A library may hand over what it has read before, when its connection is gone.
    if (this.#isClosed) return;
    const { channel, payload, ...head } = busMessage(frame);
    if (this.#meter.take(head)) this.#deliver(channel, payload);
  };

  get soFar(): BusProgress {
    return this.#meter.soFar;
  }

  begin(): void {
    this.#meter.begin(this.#bus?.bytes() ?? noBytes);
  }

  end(): BusCounts {
    return this.#meter.end(this.#bus?.bytes() ?? noBytes);
  }

  nameOf(publisher: number, number: number): MessageName | null {
    return this.#meter.nameOf(publisher, number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#bus?.[Symbol.asyncDispose]();
    this.#meter[Symbol.dispose]();
  }
}
