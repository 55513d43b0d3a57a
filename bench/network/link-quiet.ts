import { setTimeout } from "node:timers/promises";
import { nowNs } from "../measure/clock.ts";
import type { LinkTotals } from "./link.ts";

/** Linux holds an acknowledgement back for up to 40 ms and a tick, in the hope of sending it with data. */
const quietMs = 60;

/** What goes on by itself, such as heartbeats, is not waited for any longer. */
const patienceMs = 200;

const readEveryMs = 5;

/** Resolves when nothing has crossed the link for so long that the last acknowledgement must have. */
export async function linkQuiet(read: () => LinkTotals): Promise<void> {
  const crossed = (): number => {
    const { down, up } = read();
    return down.segments + up.segments;
  };
  const quieting = new Quieting(nowNs(), crossed());
  do await setTimeout(readEveryMs);
  while (!quieting.isOver(nowNs(), crossed()));
}

/** Decides, from one count of segments after the other, when a link has been quiet for long enough. */
export class Quieting {
  readonly #startNs: number;
  #sinceNs: number;
  #segments: number;

  constructor(nowNs: number, segments: number) {
    this.#startNs = nowNs;
    this.#sinceNs = nowNs;
    this.#segments = segments;
  }

  isOver(nowNs: number, segments: number): boolean {
    if (segments !== this.#segments) this.#sinceNs = nowNs;
    this.#segments = segments;
    return nowNs - this.#sinceNs >= quietMs * 1e6 || nowNs - this.#startNs >= patienceMs * 1e6;
  }
}
