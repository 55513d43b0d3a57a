import { DurationHistogram } from "../measure/histogram.ts";
import type { Histogram } from "../results/schema.ts";
import type { Room } from "./room-plan.ts";

/** Of clients in rooms of one size, apart by whether they are at the same server as others. */
export interface RoomLatency extends Position {
  readonly delivery: Histogram;
}

interface Position {
  readonly size: number;
  readonly isAtFirstServer: boolean;
  /** Who speaks for their room. */
  readonly isAtSpeakers: boolean;
}

/** The latency of the clients of one process, apart by the size of their rooms and by their servers. */
export class RoomLatencies {
  readonly #serverOf: (client: number) => number;
  readonly #all = new Map<string, { position: Position; delivery: DurationHistogram }>();

  /** `serverOf` tells which server a client is connected to. */
  constructor(serverOf: (client: number) => number) {
    this.#serverOf = serverOf;
  }

  /** A phase begins. */
  begin(): void {
    for (const { delivery } of this.#all.values()) delivery.reset();
  }

  /** Where deliveries to a client in a room are recorded. */
  of(client: number, { size, speaker }: Room): DurationHistogram {
    const server = this.#serverOf(client);
    const isAtFirstServer = server === 0;
    const isAtSpeakers = server === this.#serverOf(speaker);
    const key = `${size} ${isAtFirstServer} ${isAtSpeakers}`;
    const known = this.#all.get(key);
    if (known !== undefined) return known.delivery;
    const delivery = new DurationHistogram(true);
    this.#all.set(key, { position: { size, isAtFirstServer, isAtSpeakers }, delivery });
    return delivery;
  }

  recorded(): RoomLatency[] {
    return [...this.#all.values()].map(({ position, delivery }) =>
      Object.assign({ delivery: delivery.encode() }, position),
    );
  }
}
