import { visible } from "../../reports/visible.ts";
import type { Subject } from "./subject.ts";

export { quoted } from "../../transports/refusal.ts";

/**
 * `required`: what a measurement relies on, and the standards beneath it. `optional`: clients that come
 * back, texts that the harness doesn't send, and polite refusals.
 */
export type Level = "required" | "optional";

/** One thing that a server of a wire format does. */
export interface ConformanceCase {
  /** What it does, as a sentence without its subject: `answers …`. */
  readonly name: string;
  readonly level: Level;
  /** Where it fails, the cases after it have nothing to stand on: they are skipped. */
  readonly gate?: true;
  /** Throws a `Mismatch` where the server does something else, an `Unknowable` where that can't be told. */
  readonly check: (subject: Subject) => Promise<void>;
}

/** The server did something else than the wire format says. */
export class Mismatch extends Error {
  readonly expected: string;
  readonly came: string;

  constructor(expected: string, came: string) {
    super(`expected ${expected}, came ${came}`);
    this.expected = oneLine(expected);
    this.came = oneLine(came);
  }
}

/** What a case is about can't be seen from here. */
export class Unknowable extends Error {}

/** Throws a `Mismatch` unless `holds`. */
export function expectThat(holds: boolean, expected: string, came: string): asserts holds {
  if (!holds) throw new Mismatch(expected, came);
}

const longestLine = 400;

/** What does nothing to a terminal: a server may answer anything. */
export function oneLine(text: string): string {
  return visible(text.slice(0, longestLine));
}
