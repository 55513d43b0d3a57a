import type { Writable } from "node:stream";
import type { MessageLog } from "./message-log.ts";
import { scheduleRoundRobin, isRoundOver } from "./fair-scheduler.ts";
import type { SlowPolicy } from "./slow-policy.ts";

/** The log that feeds read from, and those of them whose clients have something left to read. */
export interface Source {
  readonly log: MessageLog;
  readonly behind: Set<Feed>;
}

export interface FeedOptions {
  /** The number of the message that it ends with; else it goes on. */
  readonly last?: number;
  /** Called when that message has been written. */
  written?(): void;
  /** Whether messages may still be written. */
  isOpen?(): boolean;
  /** Called with each message before it is written. */
  wrote?(entry: Buffer): void;
  /** What becomes of a client that doesn't read; null or left out where it is cut off once it is behind the log. */
  readonly policy?: SlowPolicy | null;
  /** With `drop`: tells the client that messages up to this number were left out. */
  skipped?(cursor: number): void;
  /** Called when the client has read something, or has gone. */
  moved?(): void;
}

/** The most that is written at once to a client that keeps reading: 1 024 tiny messages take a millisecond. */
const batchBytes = 65_536;
const batchMessages = 1_024;

/**
 * Writes the messages of a log to one client, no faster than it reads. What a client leaves unread stays in
 * the log, once for all of them, so it takes no memory. A client that has fallen behind the log is cut off:
 * it can resume, and gets the gap reported. Options have something else done with such a client.
 */
export class Feed {
  readonly stream: Writable;
  readonly #source: Source;
  #options: FeedOptions;
  /** The message to write next, once the client has read those on their way. */
  #next = 0;
  /** The first message that its socket may still hold; 0 while it holds none to speak of. */
  #unread = 0;
  /** The log's `end` without the messages from `#next` on; only known under a policy while it is behind. */
  #position = 0;
  /** Whether the client has still to be told that messages were left out. */
  #hasSkipped = false;

  constructor(stream: Writable, source: Source, options: FeedOptions = everything) {
    this.stream = stream;
    this.#source = source;
    this.#options = options;
  }

  get isBehind(): boolean {
    return this.#unread > 0;
  }

  /** What waits for the client, on its stream and in the log; only known under a policy while it is behind. */
  get unreadBytes(): number {
    return this.stream.writableLength + this.#source.log.end - this.#position;
  }

  /** The messages that its stream may still hold, and those behind them. */
  get unreadMessages(): number {
    return this.#source.log.newest - this.#unread + 1;
  }

  /** Writes what comes after the message of this number. */
  start(cursor: number): void {
    this.#next = cursor + 1;
    if (this.#options.policy) this.#position = this.#source.log.endOf(cursor);
    this.#fill();
  }

  /** Writes `entry`, which is the log's newest, unless the client has something else to read first. */
  push(entry: Buffer): void {
    if (this.#unread > 0) return this.#fallBehind();
    if (this.#options.isOpen?.() === false) return;
    const { stream } = this;
    this.#options.wrote?.(entry);
    // Large ones are reported as not taken even if the kernel has taken them.
    if (stream.write(entry) || stream.writableLength === 0) return;
    if (this.#options.policy?.slow === "buffer") return;
    const { newest, end } = this.#source.log;
    this.#next = newest + 1;
    this.#position = end;
    this.#await(newest);
  }

  /** Cuts the client off if the log no longer has what its socket holds; `oldest` is what it does have. */
  cutOffBefore(oldest: number): void {
    if (this.#options.policy?.slow === "drop") this.#skipToLog();
    else if (this.#unread < oldest) this.stream.destroy();
  }

  /** Ends it behind what is in the log by now; `written` is called when all of that has been written. */
  end(written: () => void): void {
    if (this.#unread === 0) return written();
    this.#options = { ...this.#options, last: this.#source.log.newest, written };
  }

  /** Ends it with its client, or with the answer that it was for. */
  stop(): void {
    this.#source.behind.delete(this);
    this.#options.moved?.();
  }

  /** One more message waits for the client. */
  #fallBehind(): void {
    const { policy } = this.#options;
    if (!policy) return;
    const { slow, slowBytes } = policy;
    if (slow === "close" && this.unreadBytes > slowBytes) this.stream.destroy();
    if (slow !== "drop") return;
    const { log } = this.#source;
    while (this.unreadBytes > slowBytes && this.#next <= log.newest) {
      this.#position += log.entry(this.#next)?.length ?? 0;
      this.#next += 1;
      this.#hasSkipped = true;
    }
  }

  /** Leaves out what the log doesn't hold any more. */
  #skipToLog(): void {
    const { oldest, start } = this.#source.log;
    if (this.#next >= oldest) return;
    this.#next = oldest;
    this.#position = start;
    this.#hasSkipped = true;
  }

  #tellSkipped(): void {
    if (!this.#hasSkipped) return;
    this.#hasSkipped = false;
    this.#options.skipped?.(this.#next - 1);
  }

  #fill(): void {
    const { stream } = this;
    const { last = Infinity } = this.#options;
    if (!stream.destroyed) this.#tellSkipped();
    let first = this.#next;
    while (this.#next <= Math.min(last, this.#source.log.newest)) {
      if (stream.destroyed || this.#options.isOpen?.() === false) return this.stop();
      if (isRoundOver()) {
        this.#hold(first);
        return scheduleRoundRobin(() => this.#fill());
      }
      first = this.#next;
      this.#writeBatch(last);
      if (this.#isFull()) break;
    }
    if (this.#next > last) {
      this.#hold(first);
      this.#options.written?.();
    } else if (this.#isFull()) this.#await(first);
    else {
      this.#unread = 0;
      this.stop();
    }
  }

  #isFull(): boolean {
    if (this.#options.policy?.slow === "buffer") return false;
    return this.stream.writableNeedDrain && this.stream.writableLength > 0;
  }

  #writeBatch(last: number): void {
    const { log } = this.#source;
    let bytes = 0;
    const end = this.#next + batchMessages;
    this.stream.cork();
    while (bytes < batchBytes && this.#next <= last && this.#next < end) {
      const entry = log.entry(this.#next);
      if (entry === undefined) {
        // It is dropped already, or else still to come.
        if (this.#next < log.oldest) this.stream.destroy();
        break;
      }
      this.#options.wrote?.(entry);
      this.stream.write(entry);
      bytes += entry.length;
      this.#position += entry.length;
      this.#next += 1;
    }
    this.stream.uncork();
  }

  #await(first: number): void {
    this.#hold(first);
    this.#options.moved?.();
    this.stream.once("drain", () => this.#fill());
  }

  #hold(first: number): void {
    this.#unread = first;
    this.#source.behind.add(this);
  }
}

const everything: FeedOptions = {};
