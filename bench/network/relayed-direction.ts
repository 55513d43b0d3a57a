import type { Carriage } from "../../scenarios/scenario.ts";
import type { RelayDirection } from "../settings/relay-profile.ts";
import { asItComes, isDirect } from "./carriage.ts";
import { RelayLink, isImpaired } from "./relay-link.ts";

/** What one direction has done since a phase began. */
export interface RelayedBooks {
  readonly bytes: number;
  /** Pieces that were handed over by the profile: as they were read, or as it holds back and slices them. */
  readonly pieces: number;
  /** From when a piece, or the first byte of it, was read until it was written: all together, and at most. */
  readonly delayMs: number;
  readonly longestDelayMs: number;
  /** How much later than due they were written: what the relay adds unasked. */
  readonly lateMs: number;
  readonly longestLateMs: number;
}

const nothing = { pieces: 0, delayMs: 0, longestDelayMs: 0, lateMs: 0, longestLateMs: 0 };

/**
 * What a relay does with all streams of one direction: what a script asks for, on top of what the network is by its
 * profile. What takes time adds up, as on two links in a row.
 */
export class RelayedDirection {
  readonly #profile: RelayDirection | null;
  readonly link: RelayLink | null;
  /** As the script has it. */
  carriage: Carriage = asItComes;
  hold: Carriage["hold"];
  sliceBytes: number | null;
  /** Whether a piece that meets nothing before it can be passed on at once. */
  isDirect: boolean;
  /** Bytes that have been forwarded. */
  bytes = 0;
  #bytesBefore = 0;
  #books = { ...nothing };

  constructor(profile: RelayDirection | null, seed: number) {
    this.#profile = profile;
    this.link =
      profile !== null && isImpaired(profile)
        ? new RelayLink(profile, seed, performance.now())
        : null;
    this.hold = profile?.hold ?? null;
    this.sliceBytes = profile?.sliceBytes ?? null;
    this.isDirect = this.link === null;
  }

  get idleTimeoutMs(): number | null {
    return this.#profile?.idleTimeoutMs ?? null;
  }

  /** Whether books are kept. */
  get isWatched(): boolean {
    return this.#profile !== null;
  }

  carry(change: Partial<Carriage>): void {
    this.carriage = { ...this.carriage, ...change };
    const { hold, sliceBytes } = this.carriage;
    this.hold = hold ?? this.#profile?.hold ?? null;
    const slices = [sliceBytes, this.#profile?.sliceBytes ?? null].flatMap((bytes) => bytes ?? []);
    this.sliceBytes = slices.length === 0 ? null : Math.min(...slices);
    this.isDirect = this.link === null && isDirect(this.carriage);
  }

  /** From here on jitter is by the draws of this seed, a period of outages begins, and books are empty. */
  begin(seed: number): void {
    this.link?.begin(seed, performance.now());
    this.#bytesBefore = this.bytes;
    this.#books = { ...nothing };
  }

  /** A piece has been written; `lateMs` is null where it had to wait for those before it. */
  wrote(delayMs: number, lateMs: number | null): void {
    const books = this.#books;
    books.pieces += 1;
    books.delayMs += delayMs;
    books.longestDelayMs = Math.max(books.longestDelayMs, delayMs);
    if (lateMs === null) return;
    books.lateMs += lateMs;
    books.longestLateMs = Math.max(books.longestLateMs, lateMs);
  }

  get books(): RelayedBooks {
    return { bytes: this.bytes - this.#bytesBefore, ...this.#books };
  }
}
