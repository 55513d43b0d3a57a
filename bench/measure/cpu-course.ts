import { courseStepMs } from "./course.ts";
import type { BusyWaitAccount } from "./pacer.ts";

/** Reads every step of a course how much processor time this process has used, without busy-waiting. */
export class CpuCourse {
  readonly #account: BusyWaitAccount;
  #timer: NodeJS.Timeout | undefined;
  #usedMs: number[] = [];
  #beforeMs = 0;

  constructor(account: BusyWaitAccount) {
    this.#account = account;
  }

  begin(): void {
    clearInterval(this.#timer);
    this.#usedMs = [];
    this.#beforeMs = this.#workMs();
    this.#timer = setInterval(() => this.#step(), courseStepMs).unref();
  }

  /** Milliseconds of each step since `begin`; the last one is shorter. */
  end(): readonly number[] {
    clearInterval(this.#timer);
    this.#step();
    return this.#usedMs;
  }

  #step(): void {
    const now = this.#workMs();
    this.#usedMs.push(Math.max(0, now - this.#beforeMs));
    this.#beforeMs = now;
  }

  #workMs(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3 - this.#account.busyWaitNs / 1e6;
  }
}
