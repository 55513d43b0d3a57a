/** The time for which one client was without a connection. Times are nanoseconds on the clock that all processes share. */
export class Absence {
  /** Whether it is to get what was sent before its return. */
  readonly isResumed: boolean;
  /** The number of the message that was to come next. */
  readonly fromSequence: number;
  /** When the client noticed. */
  readonly awayNs: number;
  /** When it was subscribed again; null as long as it isn't. */
  backNs: number | null = null;
  /** When it got a message again; null as long as it hasn't. */
  receivedNs: number | null = null;
  /** When it had the last of the messages that it had missed. */
  caughtUpNs: number | null = null;
  /** Messages that it had missed, and got after its return. */
  replayed = 0;
  /** Messages that came a second time after its return. */
  doubled = 0;
  /** Whether it is only taken to be back, since it has asked again by itself. */
  isBackAssumed = false;
  dials = 0;
  failedDials = 0;

  constructor(fromSequence: number, awayNs: number, isResumed: boolean) {
    this.fromSequence = fromSequence;
    this.awayNs = awayNs;
    this.isResumed = isResumed;
  }

  /** Takes note of a message of the client's that was sent at `sentNs`; returns whether it is one that it had missed. */
  isReplay(receivedNs: number, sentNs: number): boolean {
    this.receivedNs ??= receivedNs;
    const isReplay = this.isResumed && (this.backNs === null || sentNs < this.backNs);
    if (isReplay) {
      this.replayed += 1;
      this.caughtUpNs = receivedNs;
    }
    return isReplay;
  }
}
