import type { Subject } from "./subject.ts";

/**
 * `required`: what a measurement relies on, and the standards beneath it. `optional`: clients that come
 * back, texts that the harness doesn't send, and polite refusals.
 */
export type Level = "required" | "optional";

/** One thing that a server of a wire format does; it can be played against any, of this harness or not. */
export interface ConformanceCase {
  /** What it does, as a sentence without its subject: `answers …`. */
  readonly name: string;
  readonly level: Level;
  /** Where it fails, the cases after it have nothing to stand on: they are skipped. */
  readonly gate?: true;
  /** It looks at clients of the transport and at nothing else, so that a wire format of any kind has it. */
  readonly ofClients?: true;
  /** How many messages a server is to keep in this case, where it can be told. */
  readonly logMessages?: number;
  /** Throws a `Mismatch` where the server does something else, an `CaseSkipped` where that can't be observed. */
  readonly check: (subject: Subject) => Promise<void>;
}
