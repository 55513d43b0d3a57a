/**
 * Lets one trial at a time use the machine that they are measured on; one that only waits releases its lease,
 * and acquires it again before it does anything that costs processor time.
 */
export class MachineLock {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when all who asked before have released theirs. */
  async acquire(): Promise<Lease> {
    const lease = new Lease(this);
    await lease.acquire();
    return lease;
  }

  /** Joins the queue; resolves with what releases it for the next. */
  async queue(): Promise<() => void> {
    const before = this.#last;
    let release = (): void => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }
}

export class Lease implements Disposable {
  readonly #machineLock: MachineLock;
  #release: (() => void) | null = null;

  constructor(machineLock: MachineLock) {
    this.#machineLock = machineLock;
  }

  async acquire(): Promise<void> {
    this.#release ??= await this.#machineLock.queue();
  }

  release(): void {
    this.#release?.();
    this.#release = null;
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
