import { nowNs } from "../measure/clock.ts";
import type { DurationHistogram } from "../measure/histogram.ts";
import { pace, steady } from "../measure/pacer.ts";
import type { BusyWaitAccount } from "../measure/pacer.ts";
import type { Stretch, StretchRequest } from "./protocol.ts";
import { achievedRate } from "./sending.ts";

/**
 * Sends on one open-loop schedule from several processes, one after the other: what is due while none of them runs is
 * sent at once by the next, and keeps its due time.
 */
export class Stretches {
  #breakOff = (): void => {};

  /** Has `send` resolve, if it is under way; nothing more is sent. */
  breakOff(): void {
    this.#breakOff();
  }

  /** Resolves when the schedule has run its full time, like `sendOnSchedule`, or when it is broken off. */
  async send(
    { ratePerSecond, forMs, before }: StretchRequest,
    account: BusyWaitAccount,
    lateness: DurationHistogram,
    send: (index: number, dueNs: number) => void,
  ): Promise<Stretch> {
    const whole = steady(ratePerSecond, forMs);
    const first = before?.messages ?? 0;
    const startNs = before?.startNs ?? nowNs();
    let sent = first;
    let sendingNs = 0;
    const rest = {
      count: whole.count - first,
      dueNs: (index: number) => whole.dueNs(first + index),
    };
    const played = async (): Promise<void> => {
      await pace(rest, startNs, account, (index, dueNs) => {
        sent = first + index + 1;
        send(first + index, dueNs);
      });
      sendingNs = nowNs() - startNs;
      await new Promise((resolve) => setTimeout(resolve, forMs - sendingNs / 1e6));
    };
    let isBroken = false;
    const broken = new Promise<void>((resolve) => {
      this.#breakOff = () => {
        isBroken = true;
        // The pacer then finds nothing left.
        rest.count = sent - first;
        resolve();
      };
    });
    await Promise.race([played(), broken]);
    this.#breakOff = () => {};
    return {
      messages: sent,
      startNs,
      untilNs: startNs + forMs * 1e6,
      lateness: lateness.encode(),
      achievedRate: achievedRate(ratePerSecond, whole, sendingNs),
      isBroken,
    };
  }
}
