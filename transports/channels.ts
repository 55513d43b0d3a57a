import { size, wholeNumber } from "./option-values.ts";
import { MessageLog } from "./message-log.ts";
import { parseCursor } from "./refusal.ts";

/** One stream of messages: its past, and who is listening now. */
export interface Channel<Peer> {
  readonly log: MessageLog;
  readonly peers: Set<Peer>;
}

/** The channels of one server, made when first named. */
export class Channels<Peer> {
  readonly #channels = new Map<string, Channel<Peer>>();
  readonly #options: LogOptions;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  get(name: string): Channel<Peer> {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const limits = { messages: this.#options.logMessages, bytes: this.#options.logBytes };
    const channel = { log: new MessageLog(limits), peers: new Set<Peer>() };
    this.#channels.set(name, channel);
    return channel;
  }

  /** Every peer of every channel. */
  *peers(): Iterable<Peer> {
    for (const channel of this.#channels.values()) yield* channel.peers;
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

/** What a channel may be called in a URL. */
export const channelPattern = "[\\w-]{1,64}";

/** Why a server can't go on after the number that a client gave as the last it received; null when it can. */
export function refusedCursor(text: string, newest: number): string | null {
  const cursor = parseCursor(text);
  if (cursor === null) return "the cursor must be a whole number";
  return cursor > newest ? `the cursor is ahead of the newest message, ${newest}` : null;
}
