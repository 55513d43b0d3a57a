import { nowNs } from "../measure/clock.ts";
import type { DurationHistogram } from "../measure/histogram.ts";
import { pace, steady } from "../measure/pacer.ts";
import type { Schedule } from "../measure/pacer.ts";
import type { Room } from "../measure/pacer.ts";
import type { ResourceMeter } from "../measure/resources.ts";
import { OverloadWatch } from "./overload-watch.ts";
import type { SendRequest, SendResult } from "./protocol.ts";

/**
 * Sends at `ratePerSecond` from each of `senders`, evenly interleaved, on an open-loop schedule that
 * starts now. Resolves when the schedule has run its full time, so that the last message has as long to
 * arrive as any.
 */
export async function sendOnSchedule(
  request: SendRequest,
  senders: number,
  meter: ResourceMeter,
  lateness: DurationHistogram,
  send: (index: number, dueNs: number) => void,
  room?: Room,
): Promise<SendResult> {
  const { ratePerSecond, forMs, latestMs } = request;
  if (latestMs !== undefined) {
    return await sendWhileHopeful({ ...request, latestMs }, meter, lateness, send, room);
  }
  const schedule = steady(ratePerSecond * senders, forMs);
  const startNs = nowNs();
  await pace(schedule, startNs, meter, send, room);
  const sendingNs = nowNs() - startNs;
  await new Promise((resolve) => setTimeout(resolve, forMs - sendingNs / 1e6));
  return {
    messages: schedule.count,
    startNs,
    untilNs: startNs + forMs * 1e6,
    lateness: lateness.encode(),
    achievedRate: achievedRate(ratePerSecond * senders, schedule, sendingNs),
  };
}

/** The same from one sender, which ends where a message is sent too late: then its phase goes on to its next part. */
async function sendWhileHopeful(
  { ratePerSecond, forMs, latestMs }: SendRequest & { readonly latestMs: number },
  meter: ResourceMeter,
  lateness: DurationHistogram,
  send: (index: number, dueNs: number) => void,
  room?: Room,
): Promise<SendResult> {
  const whole = steady(ratePerSecond, forMs);
  const startNs = nowNs();
  const schedule = new OverloadWatch(whole, latestMs);
  await pace(schedule, startNs, meter, schedule.watched(send), room);
  const sendingNs = nowNs() - startNs;
  const { count, brokenOff } = schedule;
  if (brokenOff === null) {
    await new Promise((resolve) => setTimeout(resolve, forMs - sendingNs / 1e6));
  }
  return {
    messages: count,
    startNs,
    untilNs: startNs + (forMs * 1e6 * count) / whole.count,
    lateness: lateness.encode(),
    achievedRate: achievedRate(ratePerSecond, schedule, sendingNs),
    ...(brokenOff !== null && { brokenOff }),
  };
}

/** Messages per second, of a schedule of `ratePerSecond` that took `sendingNs`. */
export function achievedRate(ratePerSecond: number, schedule: Schedule, sendingNs: number): number {
  // The n-th message ends the (n - 1)-th distance; a late end shows that the sender couldn't keep up.
  const intendedNs = schedule.dueNs(schedule.count - 1);
  return ratePerSecond * Math.min(1, (intendedNs + 1e6) / Math.max(sendingNs, 1e6));
}
