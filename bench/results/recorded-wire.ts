import * as z from "zod";
import { factsOf, numberedParts, ofEach, perPart } from "../../transports/wire-parts.ts";
import type { WirePart, WirePartFacts } from "../../transports/wire-parts.ts";
import { number, prose } from "./texts.ts";

const count = z.int().min(0);

/** `down` is server to client. TCP payload: all that crossed the connections, without TCP's own headers. */
const bytes = z.strictObject({ down: number, up: number });

/**
 * All that crossed a network of the trial's own, with the headers of TCP and IP. Unlike all else in a
 * phase it goes on, where nothing polls on a grid, until acknowledgements that are held back have come.
 */
const link = z.strictObject({
  /** Bytes of whole IP packets, without Ethernet's headers. */
  ipBytes: bytes,
  segments: bytes,
  /** Segments that carry nothing else: no data, SYN, FIN or RST. */
  acknowledgements: bytes,
  /** Segments that were sent again. */
  retransmitted: bytes,
});

/** A part's bytes; results from before it was told apart have none. */
export function partSchema({ isLater }: WirePartFacts): z.ZodType<z.infer<typeof bytes>> {
  return isLater === true ? bytes.default({ down: 0, up: 0 }) : bytes;
}

function bytesOf(part: WirePart): z.ZodType<z.infer<typeof bytes>> {
  return partSchema(factsOf(part));
}

export const wire = z.strictObject({
  total: bytes,
  /**
   * The parts add up to `total`. `deliveries` includes the payloads. A request counts together with its answer, and a
   * ping with its pong, in the phase in which it ends. `underWay` is the remainder: below zero where more exchanges
   * began before the phase than are unfinished at its end.
   */
  parts: z.strictObject(perPart(bytesOf)),
  /** All requests; where clients poll, only those that were answered. */
  requests: count,
  /** Polls that were answered by messages; 0 where messages are pushed. */
  answers: count,
  /**
   * The part of `deliveries` that was bodies of those answers: messages, with the characters that separate them.
   */
  bodyBytes: count,
  /**
   * The other part of `deliveries` that varies with an answer's content: digits of lengths and cursors in the heads
   * of answer and request, and the framing of chunks. A server address that is longer or shorter than the reference
   * address counts here, too, so it may be below zero.
   */
  digitBytes: z.int(),
  /**
   * Messages in the bytes of `deliveries`: those in answers to polls, or those that arrived where they are pushed.
   */
  messages: count,
  /** Messages in the bytes of `upstream`. */
  sentUp: count,
  /**
   * The bytes of each part that the server's address and age cost, computed by `bench/run/incidental.ts`: an address
   * may have more digits than the reference address, and so do message numbers where the server had published before
   * the trial. Comparisons leave these bytes out.
   */
  incidental: z.strictObject(ofEach(numberedParts, bytesOf)),
  connections: count,
  /**
   * The traffic that idle connections repeat, where a relay in front of the user's own server could observe it; null
   * in all other phases. Bytes are those of one connection in one cycle.
   */
  cycle: z
    .strictObject({
      /** Null where no traffic was repeated; then `bytes` are all that were observed on a connection. */
      cycleMs: number.nullable(),
      /** How many cycles were observed. */
      cycles: count,
      bytes,
    })
    .nullable(),
  /** Null without network namespaces. */
  link: link.nullable(),
});

export const theory = z.strictObject({
  /** Where its formulas come from. */
  source: prose,
  /** What `wire.parts` of the same name should be; null where theory can't tell. */
  deliveries: bytes.nullable(),
  upstream: bytes.nullable(),
});

export type Link = z.infer<typeof link>;
export type Wire = z.infer<typeof wire>;
export type PhaseTheory = z.infer<typeof theory>;
