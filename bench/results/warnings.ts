/** Every reason to distrust a trial. */
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
  "network-behind",
  "not-refused",
] as const;

export type WarningCode = (typeof warningCodes)[number];

/**
 * Who caused a warning. A server's errors are findings about it, and stay in the figures; only errors of the harness
 * or the machine make a trial invalid.
 */
export type Cause = "harness" | "machine" | "server";

interface Meaning {
  readonly causedBy: Cause;
  /** A few words for a list of reasons, which can be read without this table. */
  readonly brief: string;
  readonly meaning: string;
  readonly advice: string;
}

export const warningMeanings: Readonly<Record<WarningCode, Meaning>> = {
  "late-publisher": {
    causedBy: "harness",
    brief: "messages sent late",
    meaning: "messages were sent late, so part of the delay is the sender's, not the transport's",
    advice: "lower --rate or --clients, or run on a quieter machine",
  },
  "slow-rate": {
    causedBy: "harness",
    brief: "a send rate below the target",
    meaning: "fewer messages per second were sent than requested",
    advice: "lower --rate",
  },
  "load-saturated": {
    causedBy: "harness",
    brief: "an overloaded load process",
    meaning:
      "the load process was overloaded, so the figures include the time spent in its own queue",
    advice: "lower --clients or --rate",
  },
  "server-saturated": {
    causedBy: "server",
    brief: "an overloaded server",
    meaning:
      "the server had no processor time to spare, so latency is mostly time spent in a queue",
    advice: "lower --clients or --rate to measure the transport rather than the queue",
  },
  steal: {
    causedBy: "machine",
    brief: "stolen processor time",
    meaning: "the hypervisor ran something else while this machine had work",
    advice: "use a machine with dedicated processors, or run when its neighbours are quiet",
  },
  throttled: {
    causedBy: "machine",
    brief: "the container's processor limit",
    meaning: "the container's CPU limit paused the processes for a while",
    advice: "raise the container's CPU limit, or lower --clients or --rate",
  },
  "stood-still": {
    causedBy: "machine",
    brief: "a process that was paused",
    meaning: "a process of the harness was paused: stopped, frozen, swapped out or kept waiting",
    advice: "find out what pauses processes here: a signal, a freezer, swapping",
  },
  contention: {
    causedBy: "machine",
    brief: "other programs using the processors",
    meaning: "other programs used processor time that the trial's processes were waiting for",
    advice: "stop other programs on this machine, or use one with more cores",
  },
  "not-steady": {
    causedBy: "harness",
    brief: "latency that was still falling",
    meaning:
      "latency fell during the measured phase: processes were still warming up, so percentiles depend on its length",
    advice: "use a longer --warmup",
  },
  rising: {
    causedBy: "server",
    brief: "latency that kept rising",
    meaning: "latency rose during the measured phase, so percentiles depend on its length",
    advice: "find out what grows in the server; if it is a queue, lower --rate or --clients",
  },
  "hidden-backlog": {
    causedBy: "harness",
    brief: "messages left unread",
    meaning:
      "messages waited in the kernel's receive queues: the load process couldn't read them in time",
    advice: "lower --clients or --rate",
  },
  backlog: {
    causedBy: "server",
    brief: "a leftover queue",
    meaning:
      "messages were still queued when sending ended, so latency depends on how long sending lasted",
    advice: "lower --rate or --clients to measure the transport rather than the queue",
  },
  canary: {
    causedBy: "harness",
    brief: "a load process slower than a lone client",
    meaning:
      "the canary, one client in a process of its own, received its messages much sooner: most of the latency is the load process's",
    advice: "lower --clients or --rate, or use a machine with more cores",
  },
  lost: {
    causedBy: "server",
    brief: "lost messages",
    meaning: "messages did not arrive; percentiles cover only those that did",
    advice: "look at the loss first, then at the latency",
  },
  duplicated: {
    causedBy: "server",
    brief: "duplicated messages",
    meaning: "messages arrived more than once",
    advice: "the transport breaks its contract; run its contract suite",
  },
  reordered: {
    causedBy: "server",
    brief: "reordered messages",
    meaning: "messages arrived after later ones",
    advice: "the transport breaks its contract; run its contract suite",
  },
  corrupted: {
    causedBy: "server",
    brief: "corrupted messages",
    meaning: "messages arrived changed",
    advice: "the transport breaks its contract; run its contract suite",
  },
  "unexplained-bytes": {
    causedBy: "server",
    brief: "unexplained bytes",
    meaning: "the byte count differs from the format's definition",
    advice: "capture the traffic: a library may have changed its headers",
  },
  clamped: {
    causedBy: "server",
    brief: "delays out of range",
    meaning: "delays exceeded the histogram's range and are shown as its maximum",
    advice: "the true figures are higher; shorten the run or lower --rate",
  },
  clock: {
    causedBy: "machine",
    brief: "clocks that differ",
    meaning: "messages seem to have arrived before they were sent",
    advice: "discard these figures: the processes don't share a clock",
  },
  disconnected: {
    causedBy: "server",
    brief: "lost connections",
    meaning: "clients lost their connection; messages that they missed count as lost",
    advice: "the server closed it or stopped responding: check its log and its limits",
  },
  reconnected: {
    causedBy: "server",
    brief: "reopened connections",
    meaning:
      "the server closed connections that clients would have reused, so requests paid for new ones",
    advice:
      "let the server keep idle connections open for longer than clients pause between requests",
  },
  "network-behind": {
    causedBy: "harness",
    brief: "a network that couldn't keep up",
    meaning: "the network lost or delayed what it wasn't to: its process couldn't keep up",
    advice: "lower --clients or --rate, or use a machine with more cores",
  },
  "not-refused": {
    causedBy: "server",
    brief: "an intruder that wasn't refused",
    meaning: "the server let pass what breaks one of its limits",
    advice: "see which limit it is, and whether the server keeps it",
  },
};

/**
 * Whether a warning makes its trial invalid: its figures say more about harness or machine than about the
 * transport.
 */
export function invalidates(code: WarningCode): boolean {
  return warningMeanings[code].causedBy !== "server";
}
