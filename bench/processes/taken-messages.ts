/** The messages that a server has taken, by the channel that they came up on and their numbers on it. */
export class TakenMessages {
  readonly #channels = new Map<string, TakenOnChannel>();
  #taken = 0;
  #repeated = 0;

  /** Takes note of a message; returns whether it is one that it hasn't had before. */
  take(name: string, sequence: number): boolean {
    const isNew = this.note(name, sequence);
    if (isNew) this.#taken += 1;
    else this.#repeated += 1;
    return isNew;
  }

  /** The same for a message that another server has taken, which counts it. */
  note(name: string, sequence: number): boolean {
    const channel = this.#channels.get(name) ?? { next: 1, missing: new Set() };
    this.#channels.set(name, channel);
    return add(channel, sequence);
  }

  /** How many were new, and how many not, since it was asked last. */
  counts(): TakenCounts {
    const counts = { taken: this.#taken, repeated: this.#repeated };
    this.#taken = 0;
    this.#repeated = 0;
    return counts;
  }
}

export interface TakenCounts {
  readonly taken: number;
  /** Those that had been taken before. */
  readonly repeated: number;
}

/** Requests may overtake each other: the highest number alone doesn't tell what has been taken. */
interface TakenOnChannel {
  next: number;
  /** Numbers before that which weren't taken. */
  readonly missing: Set<number>;
}

function add(channel: TakenOnChannel, sequence: number): boolean {
  if (sequence < channel.next) return channel.missing.delete(sequence);
  for (; channel.next < sequence; channel.next += 1) channel.missing.add(channel.next);
  channel.next += 1;
  return true;
}
