/** Bounds above which a figure says more about the harness than about the transport: docs/method.md. */
export const bounds = {
  latenessNs: 1e6,
  /**
   * The same where each client has tokens of its own, which wait while those of others are sent: a fifth of what is looked for.
   */
  tokenLatenessNs: 10e6,
  latenessShareOfDelivery: 0.1,
  achievedRateShare: 0.99,
  loadUtilisation: 0.7,
  loadCpuShare: 0.9,
  serverCpuShare: 0.9,
  stealShare: 0.01,
  /**
   * A process ticks every 25 ms: ordinary scheduling makes single ticks late, a stop makes all late that are due
   * in it.
   */
  stallMs: 45,
  /** Where nothing is timed, a stall shows only by a heartbeat or a poll that it prevented. */
  countedStallMs: 250,
  /** Pushed messages are waited for until none has arrived for 2 s: a stall of half of that loses none. */
  pushedStallMs: 1_000,
  /**
   * The share of the phase that a process may wait for a processor, while other programs use over `othersCpuShare`
   * of one.
   */
  waitShare: 0.03,
  othersCpuShare: 0.1,
  /**
   * A trend counts if it is less likely by chance than `trendChance` and, over the phase, larger than both other
   * bounds. The chance is that small because one slice of a phase resembles the next, which the test ignores.
   */
  trendChance: 0.001,
  trendShareOfMedian: 0.5,
  trendNs: 0.25e6,
  /** Deliveries that were on their way at the end, expressed as time at the phase's rate. */
  backlogMs: 100,
  /** Up to this many bytes may wait in the kernel for a process that reads as fast as it can. */
  receiveQueueBytes: 8_192,
  /** The fleet's median may be this many times the canary's, or later by what the server's work explains. */
  canaryRatio: 2,
  canaryNs: 0.5e6,
} as const;

/** Fewer messages than this are no stream: they have no rate, and their lateness not even a median. */
const minMessages = 20;

/** Whether conclusions can be drawn from when messages were sent and received. */
export function isStream(messages: number, timed: boolean): boolean {
  return timed && messages >= minMessages;
}
