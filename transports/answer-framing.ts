import type { ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
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

/** Whether it is one of the streams of an HTTP/2 session, at the server. */
export function isHttp2Stream(stream: Duplex): stream is ServerHttp2Stream {
  return "respond" in stream;
}

/** How a piece of a body, of unknown length, is written on the stream of an answer. */
export interface AnswerFraming {
  /** What the head of the answer says of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes to write. */
  readonly frame: (text: string) => Buffer;
  /** How many bytes that takes on the connection. */
  wireBytes(written: Buffer): number;
}

const chunks: AnswerFraming = {
  headers: { "Transfer-Encoding": "chunked" },
  frame: (text) => chunk([Buffer.from(text)]),
  wireBytes: (written) => written.length,
};

const frameHeadBytes = 9;
const maxFrameBytes = 16_384;

/** How many bytes that many take in DATA frames, of which Node makes as few as hold them (RFC 9113, 4.1 and 4.2). */
export function inDataFrames(bytes: number): number {
  return bytes + frameHeadBytes * Math.ceil(bytes / maxFrameBytes);
}

/** DATA frames, whose heads Node writes. */
const dataFrames: AnswerFraming = {
  headers: {},
  frame: (text) => Buffer.from(text),
  wireBytes: ({ length }) => inDataFrames(length),
};

export function answerFraming(isHttp2: boolean): AnswerFraming {
  return isHttp2 ? dataFrames : chunks;
}
