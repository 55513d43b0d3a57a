/** Every reason that there is to doubt a trial. */
export const warningCodes = [
  "late-publisher",
  "slow-rate",
  "load-saturated",
  "server-saturated",
  "steal",
  "throttled",
  "stood-still",
  "contention",
  "not-steady",
  "rising",
  "hidden-backlog",
  "backlog",
  "canary",
  "lost",
  "duplicated",
  "reordered",
  "corrupted",
  "unexplained-bytes",
  "clamped",
  "clock",
  "disconnected",
  "reconnected",
] as const;

export type WarningCode = (typeof warningCodes)[number];

/**
 * Whose doing it is. What a server does wrong is a finding about it, and stays in the figures; only what
 * the harness or the machine did wrong can make a trial worthless.
 */
export type Cause = "harness" | "machine" | "server";

interface Meaning {
  readonly causedBy: Cause;
  /** Whether the trial's figures say more about the harness or the machine than about the transport. */
  readonly invalidates: boolean;
  /** What stands for it in a list of reasons: a few words that need no table. */
  readonly brief: string;
  readonly meaning: string;
  readonly advice: string;
}

export const warningMeanings: Readonly<Record<WarningCode, Meaning>> = {
  "late-publisher": {
    causedBy: "harness",
    invalidates: true,
    brief: "messages sent late",
    meaning: "messages were sent late, so the delay is the sender's and not the transport's",
    advice: "lower --rate or --clients, or run on a quieter machine",
  },
  "slow-rate": {
    causedBy: "harness",
    invalidates: true,
    brief: "a rate that was not reached",
    meaning: "fewer messages per second were sent than asked for",
    advice: "lower --rate",
  },
  "load-saturated": {
    causedBy: "harness",
    invalidates: true,
    brief: "a load process that was busy",
    meaning: "the load process was busy, so its own queue is in the figures",
    advice: "lower --clients or --rate",
  },
  "server-saturated": {
    causedBy: "server",
    invalidates: false,
    brief: "a server that was busy",
    meaning: "the server had no processor time left, so latency is that of a queue",
    advice: "lower --clients or --rate to see the transport and not the queue",
  },
  steal: {
    causedBy: "machine",
    invalidates: true,
    brief: "stolen processor time",
    meaning: "the hypervisor ran something else while this machine had work",
    advice: "run on a machine of its own, or when its neighbours are quiet",
  },
  throttled: {
    causedBy: "machine",
    invalidates: true,
    brief: "the container's processor limit",
    meaning: "the container's processor limit stopped the processes for a while",
    advice: "raise the container's CPU limit, or lower --clients or --rate",
  },
  "stood-still": {
    causedBy: "machine",
    invalidates: true,
    brief: "a process that stood still",
    meaning: "a process of the harness stood still: stopped, frozen, swapped out or kept waiting",
    advice: "find out what stops processes here: a signal, a freezer, memory that is swapped out",
  },
  contention: {
    causedBy: "machine",
    invalidates: true,
    brief: "other programs at work",
    meaning: "other programs took processor time that the trial's processes were waiting for",
    advice: "end what else runs on this machine, or use one with more cores",
  },
  "not-steady": {
    causedBy: "harness",
    invalidates: true,
    brief: "latency that still fell",
    meaning:
      "latency fell through the measured phase: processes were still warming up, so percentiles depend on its length",
    advice: "a longer --warmup",
  },
  rising: {
    causedBy: "server",
    invalidates: false,
    brief: "latency that rose",
    meaning:
      "latency rose through the measured phase, so its percentiles depend on how long was measured",
    advice: "look for what grows in the server; where it is a queue, lower --rate or --clients",
  },
  "hidden-backlog": {
    causedBy: "harness",
    invalidates: true,
    brief: "messages left unread",
    meaning:
      "what the server had sent waited in kernel receive queues: the load process couldn't read it in time",
    advice: "lower --clients or --rate",
  },
  backlog: {
    causedBy: "server",
    invalidates: false,
    brief: "a queue left over",
    meaning: "a queue was left when sending ended, so latency depends on how long was sent",
    advice: "lower --rate or --clients to see the transport and not the queue",
  },
  canary: {
    causedBy: "harness",
    invalidates: true,
    brief: "a load process slower than a lone client",
    meaning:
      "the canary, one client in a process of its own, got its messages much sooner: the latency is that of the load process",
    advice: "lower --clients or --rate, or use a machine with more cores",
  },
  lost: {
    causedBy: "server",
    invalidates: false,
    brief: "lost messages",
    meaning: "messages did not arrive; percentiles are of those that did",
    advice: "read the loss first, then the latency",
  },
  duplicated: {
    causedBy: "server",
    invalidates: false,
    brief: "duplicated messages",
    meaning: "messages arrived more than once",
    advice: "the transport breaks its contract; run its contract suite",
  },
  reordered: {
    causedBy: "server",
    invalidates: false,
    brief: "reordered messages",
    meaning: "messages arrived after later ones",
    advice: "the transport breaks its contract; run its contract suite",
  },
  corrupted: {
    causedBy: "server",
    invalidates: false,
    brief: "corrupted messages",
    meaning: "messages arrived that were not what was sent",
    advice: "the transport breaks its contract; run its contract suite",
  },
  "unexplained-bytes": {
    causedBy: "server",
    invalidates: false,
    brief: "unexplained bytes",
    meaning: "not the bytes crossed the wire that the format's definition gives",
    advice: "capture the traffic and look: a library may send other headers than it did",
  },
  clamped: {
    causedBy: "server",
    invalidates: false,
    brief: "delays out of range",
    meaning: "delays were longer than the histogram's range and are shown as its end",
    advice: "the true figures are higher; shorten the run or lower --rate",
  },
  clock: {
    causedBy: "machine",
    invalidates: true,
    brief: "clocks that differ",
    meaning: "messages seem to have arrived before they were sent",
    advice: "the processes don't share a clock; nothing measured here can be used",
  },
  disconnected: {
    causedBy: "server",
    invalidates: false,
    brief: "lost connections",
    meaning: "clients lost their connection; what they missed is counted as lost",
    advice: "the server ended it or stopped answering: look at its log and its limits",
  },
  reconnected: {
    causedBy: "server",
    invalidates: false,
    brief: "connections opened anew",
    meaning:
      "the server ended connections that clients would have used again, so that requests paid for new ones",
    advice: "let the server keep connections for longer than clients leave between two requests",
  },
};
