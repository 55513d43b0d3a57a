import type { Header } from "./protocol-error.ts";
import type { ExtraPart } from "./wire-parts.ts";

// What a transport tells a relay that stands in front of the user's own server.

/**
 * Classifies an exchange by its request: returns who reads the answer, or null where that is a stream of
 * deliveries.
 */
export type Classify = (request: RequestHead) => AnswerReader | null;

/** Reads one answer as it passes. */
export interface AnswerReader {
  /** A piece of the body, without the framing of chunks. */
  body(piece: Buffer): void;
  /** What the request and the answer were for; called at the answer's end. */
  purpose(head: AnswerHead): ExtraPart | AnsweredPoll;
}

/** Seen from the server: `down` goes to clients. */
export type Direction = "down" | "up";

/** Reads one direction of a stream as it passes: returns how many bytes of each piece are heartbeats. */
export type HeartbeatCounter = (piece: Buffer) => number;

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly header: Header;
}

export interface AnswerHead {
  readonly status: number;
  readonly header: Header;
}

/** A poll's answer that holds messages. */
export interface AnsweredPoll {
  /** At least one. */
  readonly messages: number;
  /** The number of the last of them on its channel. */
  readonly newest: number;
  /** Bytes of the answer's body. */
  readonly bodyBytes: number;
  /** Bytes of digits of lengths and cursors in both heads, which vary with the answer's content. */
  readonly digitBytes: number;
}
