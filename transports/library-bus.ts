import type { Redis } from "ioredis";
import type { BusName } from "./bus-names.ts";

// For libraries that reach other servers by themselves, in the place of the harness's buses.

/** What it takes to have a library's own, or why it can't be had. */
export type LibraryBusNeeds =
  | { readonly packages: readonly string[] }
  | { readonly refusal: string };

/** Where the servers of a fleet meet. */
export interface MeetingPlace {
  readonly bus: BusName;
  /** Connected to the broker; whoever made it closes it. */
  readonly client: Redis;
  /** What all that they keep or publish there begins with: others may have the same broker. */
  readonly prefix: string;
}

/** A server's end of it. */
export interface LibraryBus extends AsyncDisposable {
  /** Publishes to the clients of all servers; `head` comes to the others with it, and to no client. */
  publish(channel: string, payload: Buffer, head: string): void;
}

/**
 * Takes the head of a message that has come from the broker. False for one of this server's own, or that had come
 * before: it doesn't belong in the log.
 */
export type TakeHead = (head: string, channel: string, payload: Buffer) => boolean;
