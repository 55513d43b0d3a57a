/**
 * The machine that trials are measured on. Whoever has the turn has it for itself; a trial that only
 * waits gives its turn away, and takes it again before it does anything that costs processor time.
 */
export class Machine {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when all who asked before have given their turns away. */
  async take(): Promise<Turn> {
    const turn = new Turn(this);
    await turn.take();
    return turn;
  }

  /** Joins the queue; resolves with what ends the turn. */
  async queue(): Promise<() => void> {
    const before = this.#last;
    let end = (): void => {};
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }
}

export class Turn implements Disposable {
  readonly #machine: Machine;
  #end: (() => void) | null = null;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async take(): Promise<void> {
    this.#end ??= await this.#machine.queue();
  }

  give(): void {
    this.#end?.();
    this.#end = null;
  }

  [Symbol.dispose](): void {
    this.give();
  }
}
