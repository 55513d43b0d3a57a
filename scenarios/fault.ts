/*
 * What a script can ask to go wrong: in a test of the harness, which has to find it, or in a trial that is
 * about the bad day. A process makes one fault at a time.
 */

/**
 * The messages that a fault befalls: one, or every so manieth. They count from 1 in the order in which the
 * server publishes them, anew in each measured phase and whenever the fault is asked for; in a warm-up they
 * are spared.
 */
interface MessageSelector {
  readonly atMessage?: number | undefined;
  readonly oneIn?: number | undefined;
}

/** Made by the server process; `nagle` and `leak` on connections that are accepted meanwhile. */
export type ServerFault =
  /** Its event loop is blocked for this long once the message is out. */
  | ({ readonly kind: "block"; readonly forMs: number } & MessageSelector)
  /** `swap` is with the next on the same channel, without which it is a `drop`; `corrupt` is one bit. */
  | ({ readonly kind: "drop" | "duplicate" | "swap" | "corrupt" } & MessageSelector)
  /** Each message of a measured phase is sent this much after it was due, from the next `publish` on. */
  | { readonly kind: "late"; readonly byMs: number }
  /** It blocks for this long before it publishes a message. */
  | { readonly kind: "delay"; readonly byMs: number }
  | Grow
  /** It keeps so much memory for each connection, also for those that have ended. */
  | { readonly kind: "leak"; readonly bytes: number }
  /**
   * `nagle` is the algorithm of that name, and two writes where one would do, as of a head and its body;
   * `close` ends the connection with the answer to each HTTP request that comes meanwhile.
   */
  | { readonly kind: "nagle" | "close" };

/** Made by each load process. */
export type ClientFault =
  /** It takes this long over each delivery. */
  { readonly kind: "slow-reader"; readonly perDeliveryMs: number } | Grow;

/** The server makes each message this much longer; load processes, asked for the same, cut that off again. */
interface Grow {
  readonly kind: "grow";
  readonly bytes: number;
}
