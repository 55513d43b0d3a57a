/*
 * Faults that a script can ask for: in a test of the harness, which has to detect them, or in a trial that is about
 * behaviour under faults. A process makes one fault at a time.
 */

/**
 * The messages that a fault affects: the one numbered `atMessage`, or every `oneIn`-th. The server numbers messages
 * from 1 as it publishes them, starting again with each measured phase and whenever the fault is asked for. Messages
 * of a warm-up are not affected.
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
  /** It keeps this much memory for each connection, also for those that have ended. */
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
