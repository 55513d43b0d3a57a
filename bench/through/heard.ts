/** One request, and all that came of it. Times are in milliseconds since 1970, by the client's clock. */
export interface Heard {
  /** Null where not even a head came. */
  readonly head: Head | null;
  /** From dialling until the connection was there, with TLS; null where one was used again. */
  readonly connectMs: number | null;
  /** When it was asked. */
  readonly askedMs: number;
  /** Contents as they came, without compression. */
  readonly chunks: readonly Chunk[];
  readonly events: readonly HeardEvent[];
  /** Null where the client has waited long enough. */
  readonly end: End | null;
  /** The longest that this process itself wasn't listening. */
  readonly stalledMs: number;
}

export interface Head {
  readonly atMs: number;
  readonly status: number;
  readonly reason: string;
  /** Names in lower case. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of HTTP: `1.0`, `1.1`, `2`. */
  readonly version: string;
}

export interface Chunk {
  readonly atMs: number;
  readonly bytes: number;
  /** What the connection has carried until then. */
  readonly wireBytes: number;
}

export interface HeardEvent {
  readonly atMs: number;
  /** By an answering end; null for any other event. */
  readonly number: number | null;
  /** By the server's clock; null where it doesn't say. */
  readonly sentMs: number | null;
}

export interface End {
  readonly atMs: number;
  /** Whether it ended as answers do. */
  readonly isOrderly: boolean;
  /** In a few words. */
  readonly how: string;
}

/** When the last of it came. */
export function lastHeardMs({ askedMs, head, chunks, events }: Heard): number {
  return Math.max(askedMs, head?.atMs ?? 0, chunks.at(-1)?.atMs ?? 0, events.at(-1)?.atMs ?? 0);
}

/** Whether as many numbered events came as were asked for. */
export function isWhole({ events }: Heard, count: number): boolean {
  return events.some(({ number }) => number === count);
}
