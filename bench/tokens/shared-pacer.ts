import { nowNs } from "../measure/clock.ts";
import { BusyWait, busyWaitFromNs } from "../measure/pacer.ts";
import type { BusyWaitAccount } from "../measure/pacer.ts";
import { DueHeap } from "./due-heap.ts";
import type { Due } from "./due-heap.ts";

/** Does what is due of an item; returns whether more of it is due, by then at another time. */
export type Serve<Item extends Due> = (item: Item, nowNs: number) => boolean;

/** How many overdue things are done before the event loop may look at its sockets again. */
const burst = 64;

/**
 * Does for many things what `pace` does for one schedule: each when it is due, what is overdue at once. One heap and one
 * timer for all of them.
 */
export class SharedPacer<Item extends Due> {
  readonly #heap = new DueHeap<Item>();
  readonly #serve: Serve<Item>;
  readonly #wait: BusyWait;
  #timer: NodeJS.Timeout | null = null;
  #isSpinning = false;

  constructor(account: BusyWaitAccount, serve: Serve<Item>) {
    this.#serve = serve;
    this.#wait = new BusyWait(account);
  }

  add(item: Item): void {
    this.#heap.add(item);
    if (this.#isSpinning || this.#heap.first !== item) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#next(nowNs());
  }

  /** Nothing is due any more. */
  clear(): void {
    this.#heap.clear();
  }

  readonly #step = (): void => {
    this.#timer = null;
    this.#isSpinning = true;
    let now = this.#wait.turn();
    for (let done = 0; done < burst; done += 1) {
      const { first } = this.#heap;
      if (first === undefined || first.dueNs > now) break;
      // Before it is served, which may add others.
      this.#heap.removeFirst();
      if (this.#serve(first, now)) this.#heap.add(first);
      now = this.#wait.worked();
    }
    this.#isSpinning = false;
    this.#next(now);
  };

  #next(now: number): void {
    const { first } = this.#heap;
    if (first === undefined) return this.#wait.pause();
    const waitNs = first.dueNs - now;
    if (waitNs > busyWaitFromNs + 1e6) {
      this.#wait.pause();
      this.#timer = setTimeout(this.#step, Math.floor((waitNs - busyWaitFromNs) / 1e6));
    } else {
      this.#isSpinning = true;
      setImmediate(this.#step);
    }
  }
}
