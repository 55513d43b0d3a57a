import type { ServerResponse } from "node:http";
import { Duplex } from "node:stream";
import { chunk } from "./http-chunk.ts";

/*
 * What differs between HTTP/1.1 and HTTP/2 for a server that writes the body of an answer itself, piece by piece.
 */

/**
 * The stream that an answer is written on: its own with HTTP/2, whose frames Node makes, and otherwise the socket, on
 * which framing is up to whoever writes.
 */
export function streamOf(response: ServerResponse): Duplex {
  const own = "stream" in response ? response.stream : null;
  return own instanceof Duplex ? own : response.req.socket;
}

/** How a piece of a body, of unknown length, is written on the stream of an answer. */
export interface AnswerFraming {
  /** What the head of the answer says of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes to write of a piece that is made of these. */
  readonly frame: (parts: readonly Buffer[]) => Buffer;
  /** How many bytes that takes on the connection. */
  wireBytes(written: Buffer): number;
}

const chunks: AnswerFraming = {
  headers: { "Transfer-Encoding": "chunked" },
  frame: chunk,
  wireBytes: (written) => written.length,
};

const frameHeadBytes = 9;
const maxFrameBytes = 16_384;

/** DATA frames, whose heads Node writes (RFC 9113, sections 4.1 and 4.2). */
const dataFrames: AnswerFraming = {
  headers: {},
  frame: (parts) => Buffer.concat(parts),
  wireBytes: ({ length }) => length + frameHeadBytes * Math.ceil(length / maxFrameBytes),
};

export function answerFraming(isHttp2: boolean): AnswerFraming {
  return isHttp2 ? dataFrames : chunks;
}
