import { setTimeout } from "node:timers/promises";
import { openFrames } from "./clients.ts";
import { askRequest } from "./requests.ts";
import type { Tried } from "./requests.ts";
import { Line } from "./line.ts";

const channel = "crowd";

/** Between two dials: filled at once, it would be a load of its own. */
const dialMs = 5;

/** How often those ask again whose connection is idle otherwise. */
const askAgainMs = 400;

/** As many well-behaved clients of one address as are allowed, who keep the next one out. */
export class Crowd implements AsyncDisposable {
  readonly #tried: Tried;
  readonly #size: number;
  readonly #limitMs: number;
  readonly #timer: NodeJS.Timeout;
  #members: Line[] = [];

  constructor(tried: Tried, size: number, limitMs: number) {
    this.#tried = tried;
    this.#size = size;
    this.#limitMs = limitMs;
    this.#timer = setInterval(() => this.#askAgain(), askAgainMs);
  }

  /** Has others in the place of those that have gone. Stops at the first that isn't let in. */
  async fill(): Promise<void> {
    const left = this.#members.filter(({ isOver }) => isOver);
    this.#members = this.#members.filter(({ isOver }) => !isOver);
    await Promise.all(left.map((line) => line[Symbol.asyncDispose]()));
    while (this.#members.length < this.#size) {
      const line = new Line(this.#tried.door, this.#limitMs);
      this.#members.push(line);
      if (!(await this.#join(line))) return;
      await setTimeout(dialMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#members.map((line) => line[Symbol.asyncDispose]()));
  }

  #join(line: Line): Promise<boolean> {
    return this.#tried.form.up.by === "frames"
      ? openFrames(line, this.#tried, channel)
      : line.ask(this.#request());
  }

  /** What they ask for is published by nobody. */
  #request(): string {
    return askRequest(this.#tried, {}, channel);
  }

  #askAgain(): void {
    for (const line of this.#members) {
      const { replies, isOver } = line;
      // Not those whose answer is a stream.
      if (!isOver && !replies.isWebSocket && replies.complete > 0) void line.ask(this.#request());
    }
  }
}
