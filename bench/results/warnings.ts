/** Every reason that there is to doubt a trial. */
export const warningCodes = [
  "late-publisher",
  "slow-rate",
  "load-saturated",
  "server-saturated",
  "lost",
  "duplicated",
  "reordered",
  "corrupted",
  "clamped",
  "clock",
  "disconnected",
] as const;

export type WarningCode = (typeof warningCodes)[number];

interface Meaning {
  /** Whether the trial's figures say more about the harness or the machine than about the transport. */
  readonly invalidates: boolean;
  readonly meaning: string;
  readonly advice: string;
}

export const warningMeanings: Readonly<Record<WarningCode, Meaning>> = {
  "late-publisher": {
    invalidates: true,
    meaning: "messages were sent late, so the delay is the sender's and not the transport's",
    advice: "lower --rate or --clients, or run on a quieter machine",
  },
  "slow-rate": {
    invalidates: true,
    meaning: "fewer messages per second were sent than asked for",
    advice: "lower --rate",
  },
  "load-saturated": {
    invalidates: true,
    meaning: "the load process was busy, so its own queue is in the figures",
    advice: "lower --clients or --rate",
  },
  "server-saturated": {
    invalidates: false,
    meaning: "the server had no processor time left, so latency is that of a queue",
    advice: "lower --clients or --rate to see the transport and not the queue",
  },
  lost: {
    invalidates: false,
    meaning: "messages did not arrive; percentiles are of those that did",
    advice: "read the loss first, then the latency",
  },
  duplicated: {
    invalidates: false,
    meaning: "messages arrived more than once",
    advice: "the transport breaks its contract; run its contract suite",
  },
  reordered: {
    invalidates: false,
    meaning: "messages arrived after later ones",
    advice: "the transport breaks its contract; run its contract suite",
  },
  corrupted: {
    invalidates: false,
    meaning: "messages arrived that were not what was sent",
    advice: "the transport breaks its contract; run its contract suite",
  },
  clamped: {
    invalidates: false,
    meaning: "delays were longer than the histogram's range and are shown as its end",
    advice: "the true figures are higher; shorten the run or lower --rate",
  },
  clock: {
    invalidates: true,
    meaning: "messages seem to have arrived before they were sent",
    advice: "the processes don't share a clock; nothing measured here can be used",
  },
  disconnected: {
    invalidates: true,
    meaning: "clients lost their connection",
    advice: "look at the server's limits, then run again",
  },
};
