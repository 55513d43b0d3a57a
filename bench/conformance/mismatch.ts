import { visible } from "../text/visible.ts";

/** The server did something else than the wire format says. */
export class Mismatch extends Error {
  readonly expected: string;
  readonly received: string;

  constructor(expected: string, received: string) {
    super(`expected ${expected}, received ${received}`);
    this.expected = oneLine(expected);
    this.received = oneLine(received);
  }
}

/** A case can't be checked on this server. */
export class CaseSkipped extends Error {}

/** Throws a `Mismatch` unless `holds`. */
export function expectThat(holds: boolean, expected: string, received: string): asserts holds {
  if (!holds) throw new Mismatch(expected, received);
}

const maxLineLength = 400;

/**
 * A server's text without control characters, which could affect a terminal, and no longer than `maxLineLength`.
 */
export function oneLine(text: string): string {
  return visible(text.slice(0, maxLineLength));
}
