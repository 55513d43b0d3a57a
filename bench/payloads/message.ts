/**
 * The fields of a message that is an object. `bench` is the head that `payloads/envelope.ts` describes, and is
 * replaced each time that the message is sent.
 */
export interface Fields {
  bench: string;
  readonly [field: string]: unknown;
}

/** What an application sends, before its encoding. In a text, the head stands in front and is not part of it. */
export type Body = string | Fields;

/** What the bodies of one kind have in common: encodings with a schema have one for each. */
export type Shape = "text" | "tick" | "chat" | "object";

export interface Bodies {
  readonly shape: Shape;
  /** Sent one after another, and then from the first again. */
  readonly bodies: readonly [Body, ...Body[]];
}

/** The field that the head of a message stands in. */
export const headField = "bench";

/** A head of the right length, where only the size matters. */
export const blankHead: string = "0".repeat(40);

/** The bytes of a message itself: of its text, or of an object's JSON, with the head. */
export function messageBytes(body: Body): number {
  if (typeof body === "string") return blankHead.length + Buffer.byteLength(body);
  return Buffer.byteLength(JSON.stringify({ ...body, bench: blankHead }));
}

/** Which of `count` bodies a message has: its number begins at 1. */
export function bodyIndex(sequence: number, count: number): number {
  return (sequence + count - 1) % count;
}

/** Makes and reads the payloads of one workload. */
export interface Messages {
  /** The size of a payload as the transport gets it; their mean, rounded, where they differ. */
  readonly payloadBytes: number;
  /** Whether each takes as many bytes as the others, also in a string of JSON. */
  readonly areOfOneSize: boolean;
  /** Bytes that a payload takes in a string of JSON beyond its own. */
  readonly escapes: number;
  /** Whether payloads are any bytes, and not text. */
  readonly binary: boolean;
  /** What the last call of `read` found. */
  readonly sequence: number;
  readonly dueNs: number;
  readonly sentNs: number;
  write(sequence: number, dueNs: number, sentNs: number): Buffer;
  /** Fills in this object's fields; false when the payload is not one that `write` made. */
  read(payload: Buffer | string): boolean;
}
