import type { Absence } from "./absence.ts";
import { nowNs } from "./clock.ts";
import type { Outbox } from "./outbox.ts";
import type { Gap } from "./losses.ts";
import { Subscriber } from "./recorder.ts";
import type { Recorder } from "./recorder.ts";

/**
 * A client that may come back when it has lost its connection. Apart from all others, which have nothing more to ask at
 * each delivery.
 */
export class ReturningSubscriber extends Subscriber {
  /** From the end of a connection until the first message that is sent after the client's return. */
  returned: Absence | null = null;
  /** What the server has said that it doesn't deliver. */
  readonly gaps: Gap[] = [];
  /** Called when its connection has ended, in the place of counting it as gone for good. */
  away: (() => void) | null = null;
  /** Called when it has asked again by itself, after a request of its own met the end of a connection. */
  askedAgain: (() => void) | null = null;
  /** Where it keeps what it sends until that has come back; null where it doesn't. */
  outbox: Outbox | null = null;
  readonly #recorder: Recorder;
  /** Whether it isn't known yet how far the last gap reaches. */
  #openGap = false;

  constructor(recorder: Recorder, next: number, end: (why: Error) => void = () => {}) {
    super(recorder, next, end);
    this.#recorder = recorder;
  }

  override message(payload: Buffer | string): void {
    const { arrived } = this.#recorder;
    const { next } = this;
    if (this.returned === null) super.message(payload);
    else if (!this.#recorder.recordReturn(this, this.returned, payload)) this.returned = null;
    if (this.#openGap && this.next > next) this.#closeGap();
    if (this.outbox === null || this.#recorder.arrived === arrived) return;
    this.outbox.acknowledge(this.#recorder.latestSequence, nowNs());
  }

  override gap(missed: number): void {
    this.gaps.push({ fromSequence: this.next, messages: missed });
    this.#openGap = !Number.isFinite(missed);
  }

  /** It has reached to the message that has just come. */
  #closeGap(): void {
    this.#openGap = false;
    const gap = this.gaps.pop();
    if (gap === undefined) return;
    const messages = this.next - 1 - gap.fromSequence;
    if (messages > 0) this.gaps.push({ ...gap, messages });
  }

  override closed(reason: string): void {
    if (this.away === null || this.ending || !this.open) return super.closed(reason);
    this.open = false;
    this.away();
  }

  override reconnected(retried: boolean, isUpstream = false): void {
    // Messages come all the while when it is only the way up that was cut.
    if (!this.ending && !isUpstream) this.askedAgain?.();
    super.reconnected(retried);
  }
}
