import type { Writable } from "node:stream";
import { BackPressure } from "./back-pressure.ts";
import { Channels, refusedCursor } from "./channels.ts";
import type { Channel, LogOptions } from "./channels.ts";
import { Feed } from "./feed.ts";
import type { Listener } from "./transport.ts";
import { slowPolicyOf } from "./slow-policy.ts";
import type { SlowPolicy } from "./slow-policy.ts";

/** The number of the last message that a client has, as it gave it; null or undefined for a new client. */
type After = string | null | undefined;

/** A client's stream, and how it is written to. */
export interface SubscribedStream {
  readonly stream: Writable;
  /** Tells the client that its messages begin after `cursor`. */
  readonly greet: (cursor: number) => void;
  /** Whether messages may still be written. */
  readonly isOpen?: () => boolean;
  /** Called with each message before it is written. */
  readonly wrote?: (entry: Buffer) => void;
  /** Tells the client that messages up to `cursor` were left out; not needed where each has its number with it. */
  readonly skipped?: (cursor: number) => void;
  /** Present where it is the answer to a request: called when all is written behind which `complete` ends it. */
  readonly end?: () => void;
}

/**
 * The channels of a server that pushes messages on streams that clients keep open. No stream is written to faster
 * than its client reads, and unread messages take no more memory than the channel's log, unless options say otherwise: see `Feed`.
 */
export class Subscriptions implements Disposable {
  readonly #channels: Channels<Feed>;
  readonly #encode: (payload: Buffer, number: number) => Buffer;
  readonly #policy: SlowPolicy | null;
  /** What ends the answers that are open. */
  readonly #answers = new WeakMap<Feed, () => void>();
  /** The number of the message behind which the last answer on a channel was ended, until the next is asked for. */
  readonly #completed = new WeakMap<Channel<Feed>, number>();
  /** Null where publishing waits for nobody. */
  readonly #pressure: BackPressure | null;

  /** `encode` makes the bytes to write of a payload and its number: once, for all clients. */
  constructor(
    { numbersAfter }: Pick<Listener, "numbersAfter">,
    options: LogOptions & Partial<SlowPolicy>,
    encode: (payload: Buffer, number: number) => Buffer,
  ) {
    this.#channels = new Channels<Feed>(options, numbersAfter);
    this.#encode = encode;
    this.#policy = slowPolicyOf(options);
    // Whoever is waited for must not fall behind the log meanwhile.
    const { slow, slowBytes = Infinity, logBytes, logMessages } = options;
    this.#pressure =
      slow === "block"
        ? new BackPressure(Math.min(slowBytes, logBytes / 2), logMessages / 2)
        : null;
  }

  /** See `TransportServer.room`. */
  room(name: string): Promise<void> | null {
    const channel = this.#pressure === null ? undefined : this.#channels.find(name);
    return channel === undefined ? null : (this.#pressure?.room(channel) ?? null);
  }

  /** Why a client can't go on where it says; null when it can. */
  refused(name: string, after: After): string | null {
    return typeof after === "string" ? refusedCursor(after, this.#channels.newest(name)) : null;
  }

  /** Adds a client; `leave` has to be called when it has gone. */
  add(
    name: string,
    after: After,
    { stream, greet, isOpen, wrote, skipped, end }: SubscribedStream,
  ): { readonly feed: Feed; readonly leave: () => void } {
    const channel = this.#channels.get(name);
    const cursor = channel.log.resume(Number(after ?? channel.log.newest));
    greet(cursor);
    const policy = this.#policy;
    const last = end && this.#completed.get(channel);
    const isPlain = isOpen === undefined && wrote === undefined && policy === null;
    const options =
      isPlain && last === undefined
        ? undefined
        : {
            ...(isOpen && { isOpen }),
            ...(wrote && { wrote }),
            ...(policy && { policy, ...(skipped && { skipped }) }),
            ...(this.#pressure && { moved: this.#pressure.moved }),
            ...(last !== undefined && { last, written: end }),
          };
    const feed = new Feed(stream, channel, options);
    if (last === undefined) channel.peers.add(feed);
    if (end !== undefined) this.#answers.set(feed, end);
    feed.start(cursor);
    const leave = (): void => {
      feed.stop();
      this.#channels.leave(channel, feed);
    };
    return { feed, leave };
  }

  /** A new answer is asked for on a channel: who comes back is given that one from here on. */
  asked(name: string): void {
    this.#completed.delete(this.#channels.get(name));
  }

  /** Ends the answers on a channel behind what has been published there, and those of who comes back for the rest. */
  complete(name: string): void {
    const channel = this.#channels.get(name);
    this.#completed.set(channel, channel.log.newest);
    for (const feed of channel.peers) {
      const end = this.#answers.get(feed);
      if (end === undefined) continue;
      channel.peers.delete(feed);
      feed.end(end);
    }
  }

  publish(name: string, payload: Buffer): void {
    const channel = this.#channels.get(name);
    const entry = this.#encode(payload, channel.log.newest + 1);
    this.#channels.append(channel, entry);
    for (const feed of channel.peers) feed.push(entry);
  }

  /** Ends every stream, too. */
  [Symbol.dispose](): void {
    this.#channels[Symbol.dispose]();
    for (const { stream } of this.#channels.peers()) stream.destroy();
  }
}
