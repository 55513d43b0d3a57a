import type { Readable, Writable } from "node:stream";
import { maxHeldBytes } from "../settings/relay-profile.ts";
import { ArrivalTimes } from "./carriage.ts";
import type { RelayedDirection } from "./relayed-direction.ts";

interface Piece {
  readonly chunk: Buffer;
  /** When the first of it was read. */
  readonly readMs: number;
  readonly dueMs: number;
}

/**
 * Carries what comes from one socket to another as its direction has it now; never drops or reorders a byte. What it
 * holds is bounded: beyond that nothing more is read until some has gone on, which bounds the rate with a long delay, as
 * a receive window does.
 */
export class RelayedStream {
  readonly #from: Readable;
  readonly #to: Writable;
  readonly #direction: RelayedDirection;
  readonly #times: ArrivalTimes;
  readonly #idle: NodeJS.Timeout | undefined;
  #pieces: Piece[] = [];
  /** With what is withheld and what is being written. */
  #heldBytes = 0;
  #withheld: Buffer[] = [];
  #withheldBytes = 0;
  #withheldSinceMs = 0;
  #withholding: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is to wake it up. */
  #wakesMs = Number.POSITIVE_INFINITY;
  #writingBytes = 0;
  /** When the end of the stream arrives; null while it goes on. */
  #endMs: number | null = null;

  /** `idle` is called when nothing has come for as long as the direction allows. */
  constructor(
    from: Readable,
    to: Writable,
    direction: RelayedDirection,
    random: () => number,
    idle: () => void = () => {},
  ) {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    this.#times = new ArrivalTimes(random);
    const { idleTimeoutMs } = direction;
    this.#idle = idleTimeoutMs === null ? undefined : setTimeout(idle, idleTimeoutMs);
    from.on("data", (chunk: Buffer) => this.#take(chunk));
    from.once("end", () => this.finish());
    to.once("close", () => this.#stop());
  }

  /** Goes on by what its direction has changed to. */
  changed(): void {
    if (this.#direction.hold === null) this.#release();
    else this.#pump();
  }

  /** Forwards what is under way, and then the end of the stream. */
  finish(): void {
    if (this.#endMs !== null) return;
    const nowMs = performance.now();
    this.#release();
    this.#endMs = this.#direction.link?.arrivalMs(0, nowMs) ?? nowMs;
    clearTimeout(this.#idle);
    this.#pump();
  }

  #stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#withholding);
    clearTimeout(this.#timer);
    this.#pieces = [];
    this.#withheld = [];
  }

  #take(chunk: Buffer): void {
    // It comes behind an end that the relay has made.
    if (this.#endMs !== null) return;
    this.#idle?.refresh();
    const { hold } = this.#direction;
    this.#heldBytes += chunk.length;
    if (this.#heldBytes >= maxHeldBytes) this.#from.pause();
    if (hold === null) return this.#enqueue(chunk);
    if (this.#withheld.length === 0) this.#withheldSinceMs = performance.now();
    this.#withheld.push(chunk);
    this.#withheldBytes += chunk.length;
    if (this.#withheldBytes >= hold.bytes) this.#release();
    else this.#withholding ??= setTimeout(() => this.#release(), hold.forMs);
  }

  #release(): void {
    clearTimeout(this.#withholding);
    this.#withholding = undefined;
    const [only, ...others] = this.#withheld;
    this.#withheld = [];
    this.#withheldBytes = 0;
    if (only === undefined) return this.#pump();
    const all = others.length === 0 ? only : Buffer.concat([only, ...others]);
    this.#enqueue(all, this.#withheldSinceMs);
  }

  #enqueue(chunk: Buffer, readMs?: number): void {
    const direction = this.#direction;
    const { sliceBytes, carriage, link, isDirect } = direction;
    const isIdle = this.#pieces.length === 0 && this.#writingBytes === 0;
    if (sliceBytes === null && isIdle && isDirect && !direction.isWatched) {
      return this.#write(chunk);
    }
    const nowMs = performance.now();
    const size = sliceBytes ?? chunk.length;
    for (let at = 0; at < chunk.length; at += size) {
      const slice = chunk.subarray(at, at + size);
      const passedMs = link?.arrivalMs(slice.length, nowMs) ?? nowMs;
      const dueMs = this.#times.arrivalMs(slice.length, passedMs, carriage);
      this.#pieces.push({ chunk: slice, readMs: readMs ?? nowMs, dueMs });
    }
    this.#pump();
  }

  /** Writes what is due, and wakes up when the next is; `isAwaited` says that only time was waited for. */
  #pump(isAwaited = false): void {
    const direction = this.#direction;
    while (this.#writingBytes === 0 && !direction.carriage.isStalled) {
      const [piece] = this.#pieces;
      const dueMs = piece?.dueMs ?? this.#endMs;
      if (dueMs === null) return;
      const nowMs = performance.now();
      if (nowMs < dueMs) return this.#wakeAt(dueMs, nowMs);
      if (piece === undefined) return this.#end();
      this.#pieces.shift();
      this.#write(piece.chunk);
      if (direction.isWatched) {
        direction.wrote(nowMs - piece.readMs, isAwaited ? nowMs - piece.dueMs : null);
      }
    }
  }

  #wakeAt(dueMs: number, nowMs: number): void {
    if (this.#wakesMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#wakesMs = dueMs;
    // Timers fire early by less than a millisecond.
    this.#timer = setTimeout(this.#wake, Math.ceil(dueMs - nowMs));
  }

  readonly #wake = (): void => {
    this.#wakesMs = Number.POSITIVE_INFINITY;
    this.#pump(true);
  };

  /** One after the other: Node would join those that wait. Nearly always the kernel takes it at once. */
  #write(chunk: Buffer): void {
    const to = this.#to;
    to.write(chunk, this.#written);
    if (to.writableLength > 0) this.#writingBytes = chunk.length;
    else this.#forwarded(chunk.length);
  }

  readonly #written = (): void => {
    if (this.#writingBytes === 0 || this.#to.writableLength > 0) return;
    const bytes = this.#writingBytes;
    this.#writingBytes = 0;
    this.#forwarded(bytes);
    this.#pump();
  };

  #forwarded(bytes: number): void {
    this.#direction.bytes += bytes;
    const wasFull = this.#heldBytes >= maxHeldBytes;
    this.#heldBytes -= bytes;
    if (wasFull && this.#heldBytes < maxHeldBytes) this.#from.resume();
  }

  #end(): void {
    if (!this.#to.writableEnded) this.#to.end();
  }
}
