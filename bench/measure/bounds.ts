/** Bounds above which a figure says more about the harness than about the transport: docs/method.md. */
export const bounds = {
  latenessNs: 1e6,
  latenessShareOfDelivery: 0.1,
  achievedRateShare: 0.99,
  loadUtilisation: 0.7,
  loadCpuShare: 0.9,
  serverCpuShare: 0.9,
  stealShare: 0.01,
  /** A process ticks every 25 ms; ordinary scheduling makes some ticks late, a stop all that are due in it. */
  standStillMs: 45,
  /** Where nothing is timed, only what is left undone shows: a heartbeat, a poll. */
  countedStandStillMs: 250,
  /** What is pushed is waited for until nothing has come for 2 s: half of that passes for no loss. */
  pushedStandStillMs: 1_000,
  /** Of the phase, how long a process may wait for a processor while others use more than so much of one. */
  waitShare: 0.03,
  othersCpuShare: 0.1,
  /**
   * A trend that is less likely by chance and, over the phase, larger than both of these. The chance is so
   * small since what a machine does in one slice it often goes on doing in the next.
   */
  trendChance: 0.001,
  trendShareOfMedian: 0.5,
  trendNs: 0.25e6,
  /** Deliveries that were on their way at the end, in time at the phase's rate. */
  backlogMs: 100,
  /** Less than this may wait in the kernel for a process that reads as fast as it can. */
  receiveQueueBytes: 8_192,
  /** The fleet's median may be as much later than the canary's, and by what the server's work explains. */
  canaryRatio: 2,
  canaryNs: 0.5e6,
} as const;

/** Fewer messages than this are no stream: they have no rate, and their lateness not even a median. */
const minMessages = 20;

/** Whether conclusions can be drawn from when messages were sent and received. */
export function isStream(messages: number, timed: boolean): boolean {
  return timed && messages >= minMessages;
}
