import type { Readable, Writable } from "node:stream";
import { ArrivalTimes, isDirect } from "./carriage.ts";
import type { Carriage } from "../../scenarios/scenario.ts";

/**
 * The most that one direction of a connection holds, in bytes: then nothing more is read until some of it has gone on.
 * With a long delay it bounds the rate, as a receive window does.
 */
const maxHeldBytes = 262_144;

/** What a relay does with all streams of one direction. */
export interface Direction {
  carriage: Carriage;
  /** Bytes that have been forwarded. */
  bytes: number;
}

interface Piece {
  readonly chunk: Buffer;
  readonly dueMs: number;
}

/** Carries what comes from one socket to another as its direction has it now; never drops or reorders a byte. */
export class RelayedStream {
  readonly #from: Readable;
  readonly #to: Writable;
  readonly #direction: Direction;
  readonly #times: ArrivalTimes;
  #pieces: Piece[] = [];
  /** With what is withheld and what is being written. */
  #heldBytes = 0;
  #withheld: Buffer[] = [];
  #withheldBytes = 0;
  #withholding: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isWriting = false;
  #hasEnded = false;

  constructor(from: Readable, to: Writable, direction: Direction, random: () => number) {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    this.#times = new ArrivalTimes(random);
    from.on("data", (chunk: Buffer) => this.#take(chunk));
    from.once("end", () => this.finish());
    to.once("close", () => this.#stop());
  }

  /** Goes on by what its direction has changed to. */
  changed(): void {
    if (this.#direction.carriage.hold === null) this.#release();
    else this.#pump();
  }

  /** Forwards what is under way, and then the end of the stream. */
  finish(): void {
    this.#hasEnded = true;
    this.#release();
  }

  #stop(): void {
    clearTimeout(this.#withholding);
    clearTimeout(this.#timer);
    this.#pieces = [];
    this.#withheld = [];
  }

  #take(chunk: Buffer): void {
    // It comes behind an end that the relay has made.
    if (this.#hasEnded) return;
    const { hold } = this.#direction.carriage;
    this.#heldBytes += chunk.length;
    if (this.#heldBytes >= maxHeldBytes) this.#from.pause();
    if (hold === null) return this.#enqueue(chunk);
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
    if (only === undefined) this.#pump();
    else this.#enqueue(others.length === 0 ? only : Buffer.concat([only, ...others]));
  }

  #enqueue(chunk: Buffer): void {
    const { carriage } = this.#direction;
    const { sliceBytes } = carriage;
    if (sliceBytes === null && this.#isIdle && isDirect(carriage)) return this.#write(chunk);
    const nowMs = performance.now();
    const size = sliceBytes ?? chunk.length;
    for (let at = 0; at < chunk.length; at += size) {
      const slice = chunk.subarray(at, at + size);
      const dueMs = this.#times.arrivalMs(slice.length, nowMs, carriage);
      this.#pieces.push({ chunk: slice, dueMs });
    }
    this.#pump();
  }

  get #isIdle(): boolean {
    return this.#pieces.length === 0 && !this.#isWriting;
  }

  /** Writes what is due, and wakes up when the next is. */
  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#isWriting || this.#direction.carriage.isStalled) return;
    const [piece] = this.#pieces;
    if (piece === undefined) return this.#end();
    const lateMs = performance.now() - piece.dueMs;
    // Timers fire early by less than a millisecond.
    if (lateMs < 0) {
      this.#timer = setTimeout(() => this.#pump(), Math.ceil(-lateMs));
      return;
    }
    this.#pieces.shift();
    this.#write(piece.chunk);
  }

  /** One at a time: Node would join those that wait. */
  #write(chunk: Buffer): void {
    this.#isWriting = true;
    this.#to.write(chunk, () => {
      this.#isWriting = false;
      this.#direction.bytes += chunk.length;
      this.#heldBytes -= chunk.length;
      if (this.#heldBytes < maxHeldBytes) this.#from.resume();
      this.#pump();
    });
  }

  #end(): void {
    if (this.#hasEnded && this.#withheld.length === 0 && !this.#to.writableEnded) this.#to.end();
  }
}
