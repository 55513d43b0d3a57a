import type { Feed } from "./feed.ts";
import { MessageLog } from "./message-log.ts";
import { size, wholeNumber } from "./option-values.ts";
import { parseCursor } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";

/** One stream of messages: its past, and who is listening now. */
export class Channel<Peer> {
  readonly name: string;
  readonly log: MessageLog;
  readonly peers: Set<Peer> = new Set<Peer>();
  /** Feeds whose clients haven't read yet what was written to them. */
  readonly behind: Set<Feed> = new Set<Feed>();
  /** Whether the channel was used since the last sweep. */
  isUsed = true;

  constructor(name: string, log: MessageLog) {
    this.name = name;
    this.log = log;
  }

  get isIdle(): boolean {
    return this.peers.size === 0 && this.behind.size === 0;
  }

  cutOffLagging(): void {
    for (const feed of this.behind) feed.cutOffBefore(this.log.oldest);
  }
}

/** How long, and about how many, channels are kept that nobody listens to, for who comes back. */
interface Retention {
  readonly idleMs: number;
  readonly channels: number;
}

const defaultRetention: Retention = { idleMs: 600_000, channels: 100_000 };

/**
 * The channels of one server, made when something is published or somebody listens.
 *
 * In number and in memory they are bounded: those that nobody has used for a while are dropped, and when all
 * logs together are too large, the largest are cut. Numbers never start over: a channel that was dropped
 * begins again at a number that no channel had reached, so a client that comes back to it gets a gap reported.
 */
export class Channels<Peer> implements Disposable {
  readonly #channels = new Map<string, Channel<Peer>>();
  readonly #options: LogOptions;
  readonly #kept: number;
  readonly #maxWeight: number;
  readonly #timer: NodeJS.Timeout;
  /** The highest number of all channels that were dropped, or of a server before this one. */
  #floor: number;
  /** The weight of all logs together. */
  #weight = 0;
  #sweepAbove: number;

  /** `floor` is the highest number that a server before this one has given out. */
  constructor(options: LogOptions, floor: number = 0, retention: Partial<Retention> = {}) {
    const { idleMs, channels } = { ...defaultRetention, ...retention };
    this.#options = options;
    this.#floor = floor;
    this.#kept = channels;
    this.#sweepAbove = channels;
    this.#maxWeight = 8 * Math.max(options.logBytes, maxMessageBytes);
    this.#timer = setInterval(() => this.sweep(), idleMs).unref();
  }

  /** The newest number of a channel that doesn't exist. */
  get floor(): number {
    return this.#floor;
  }

  /** The number of a channel's newest message, whether or not it is there. */
  newest(name: string): number {
    return this.find(name)?.log.newest ?? this.#floor;
  }

  find(name: string): Channel<Peer> | undefined {
    const channel = this.#channels.get(name);
    if (channel !== undefined) channel.isUsed = true;
    return channel;
  }

  get(name: string): Channel<Peer> {
    const known = this.find(name);
    if (known !== undefined) return known;
    if (this.#channels.size >= this.#sweepAbove) this.#makeRoom();
    const limits = { messages: this.#options.logMessages, bytes: this.#options.logBytes };
    const channel = new Channel<Peer>(name, new MessageLog(limits, this.#floor));
    this.#channels.set(name, channel);
    return channel;
  }

  /** Adds a message to the log of a channel; clients that fall behind the log's start are disconnected. */
  append(channel: Channel<Peer>, entry: Buffer): void {
    const { log } = channel;
    this.#weight -= log.weight;
    log.append(entry);
    this.#weight += log.weight;
    channel.cutOffLagging();
    if (this.#weight > this.#maxWeight) this.#cutLogs();
  }

  /** Takes a peer from its channel, which goes with its last one if nothing was ever published. */
  leave(channel: Channel<Peer>, peer: Peer): void {
    channel.peers.delete(peer);
    const isKnown = this.#channels.get(channel.name) === channel;
    if (isKnown && channel.isIdle && channel.log.isUntouched) this.#drop(channel);
  }

  /** Drops every channel that nobody listens to, and that nobody has asked for since the last time. */
  sweep(): void {
    for (const channel of this.#channels.values()) {
      if (channel.isIdle && !channel.isUsed) this.#drop(channel);
      else channel.isUsed = false;
    }
  }

  /** How many there are. */
  get size(): number {
    return this.#channels.size;
  }

  /** Every peer of every channel. */
  *peers(): Iterable<Peer> {
    for (const channel of this.#channels.values()) yield* channel.peers;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #drop({ name, log }: Channel<Peer>): void {
    this.#channels.delete(name);
    this.#weight -= log.weight;
    if (!log.isUntouched) this.#floor = Math.max(this.#floor, log.newest);
  }

  #makeRoom(): void {
    this.sweep();
    for (const channel of this.#channels.values()) {
      // All of them in use since the last time: then the first have to go.
      if (this.#channels.size < 1.5 * this.#kept) break;
      if (channel.isIdle) this.#drop(channel);
    }
    // Not for each new one. By the next time, those in use have been asked for again.
    this.#sweepAbove = Math.max(this.#kept, this.#channels.size + this.#kept / 10);
  }

  /** Cuts the largest logs by half, until all of them leave some room. */
  #cutLogs(): void {
    while (this.#weight > 0.75 * this.#maxWeight) {
      let largest = 0;
      for (const { log } of this.#channels.values()) largest = Math.max(largest, log.weight);
      this.#weight = 0;
      for (const channel of this.#channels.values()) {
        if (channel.log.weight > largest / 2) {
          channel.log.cut(largest / 2);
          channel.cutOffLagging();
        }
        this.#weight += channel.log.weight;
      }
    }
  }
}

export interface LogOptions {
  logMessages: number;
  logBytes: number;
}

/** The options that every transport with a log has. */
export const logOptions = {
  logMessages: wholeNumber(1, 10_000_000).default(20_000),
  logBytes: size(1, 1_073_741_824).default(33_554_432),
};

/** The names that a channel may have in a URL. */
export const channelPattern = "[\\w-]{1,64}";

/** Why a server can't go on after the number that a client gave as the last it received; null when it can. */
export function refusedCursor(text: string, newest: number): string | null {
  const cursor = parseCursor(text);
  if (cursor === null) return "the cursor must be a whole number";
  return cursor > newest ? `the cursor is ahead of the newest message, ${newest}` : null;
}
