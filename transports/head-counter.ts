/**
 * Counts the bytes of heads that a layer below puts before what is written. It takes all that is written in one turn of
 * the event loop at its end; but of each stream first what is written while nothing waits there, and the rest after it.
 */
export class HeadCounter {
  readonly #headBytes: number;
  readonly #maxBytes: number;
  #turn: object | null = null;
  #first = 0;
  #rest = 0;

  /** A head stands before `maxBytes` at most. */
  constructor(headBytes: number, maxBytes: number) {
    this.#headBytes = headBytes;
    this.#maxBytes = maxBytes;
  }

  /** The bytes of heads that are due to writing so many more; `isBehind` is whether others wait on the stream. */
  add(bytes: number, isBehind: boolean): number {
    const turn = currentTurn();
    if (this.#turn !== turn) this.#first = this.#rest = 0;
    this.#turn = turn;
    const before = isBehind ? this.#rest : this.#first;
    if (isBehind) this.#rest += bytes;
    else this.#first += bytes;
    return this.#headBytes * (this.#heads(before + bytes) - this.#heads(before));
  }

  #heads(bytes: number): number {
    return Math.ceil(bytes / this.#maxBytes);
  }
}

let current: object | null = null;

/** One object for each turn in which it is asked for. */
function currentTurn(): object {
  if (current === null) {
    current = {};
    setImmediate(() => (current = null));
  }
  return current;
}
