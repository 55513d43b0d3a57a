import { oneOf, size } from "./option-values.ts";

/*
 * What a server does with a client that doesn't read: the messages that it leaves unread wait in the channel's log, up
 * to the bound of `slowBytes`, or as far as the log goes back.
 *
 *   close    beyond the bound, its connection ends; it can resume
 *   drop     beyond the bound, the oldest are left out for it; it is told so before the next message
 *   block    publishing waits until it has read again so much that it is within the bound
 *   buffer   there is no bound: all is written to its stream at once, as a loop over `ws.send` does
 */

export interface SlowPolicy {
  readonly slow: "close" | "drop" | "block" | "buffer";
  /** What may wait for one client: on its stream, and in the log. */
  readonly slowBytes: number;
}

/** So much that the log ends first. */
const unbounded = 1_073_741_824;

/** The options of servers that push messages on streams. */
export const slowOptions = {
  slow: oneOf("close", "drop", "block", "buffer").default("close"),
  slowBytes: size(1, unbounded).default(unbounded),
};

/** Null for the one that needs nothing beside the log: a client that has fallen behind it is cut off. */
export function slowPolicyOf({ slow, slowBytes }: Partial<SlowPolicy>): SlowPolicy | null {
  if (slow === undefined || slowBytes === undefined) return null;
  return slow === "close" && slowBytes === unbounded ? null : { slow, slowBytes };
}
