import type { ClientHandlers } from "../../transports/transport.ts";
import { nowNs } from "./clock.ts";
import { Recorder } from "./recorder.ts";
import type { Subscriber } from "./recorder.ts";

/**
 * Records messages that were received a while ago, and stamped then: by clients in a browser. Apart from the other, which
 * has nothing to ask at each delivery.
 */
export class StampedRecorder extends Recorder {
  /** How long ago the message was received that is being recorded. */
  #agoNs = 0;

  override receivedNs(): number {
    return nowNs() - this.#agoNs;
  }

  /** Of several pages, one may tell later what it has received earlier. */
  protected override lastOf(before: number | undefined, now: number): number {
    return Math.max(before ?? now, now);
  }

  /** What a subscriber is told, recorded as of when it was received. */
  stamping(subscriber: Subscriber): ClientHandlers {
    const recorded: ClientHandlers = subscriber;
    return {
      message: (payload, agoNs = 0) => {
        this.#agoNs = agoNs;
        recorded.message(payload, agoNs);
        this.#agoNs = 0;
      },
      answered: () => recorded.answered?.(),
      gap: (missed) => subscriber.gap(missed),
      closed: (reason) => subscriber.closed(reason),
      reconnected: (retried) => subscriber.reconnected(retried),
    };
  }
}
