import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import { Duplex } from "node:stream";
import { HeadCounter } from "./head-counter.ts";
import { chunk, textBytes, textChunk } from "./http-chunk.ts";

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

export type WireMeter = (next: Sized) => number;

/** What is about to be written, in bytes. */
export interface Sized {
  readonly length: number;
}

/** How a piece of a body, of unknown length, is written on the stream of an answer. */
export interface AnswerFraming {
  /** What the head of the answer says of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes to write of a piece that is made of these. */
  readonly frame: (parts: readonly Buffer[]) => Buffer;
  /** The same of a text. */
  readonly frameText: (text: string) => Buffer;
  /** Begins an answer: returns what tells how many bytes that which is about to be written on its stream takes. */
  meter(stream: Duplex): WireMeter;
}

const chunks: AnswerFraming = {
  headers: { "Transfer-Encoding": "chunked" },
  frame: chunk,
  frameText: textChunk,
  meter: () => (next) => next.length,
};

/** Up to the end of the connection, for requests of HTTP/1.0: see `UnframedStream`. */
const contents: AnswerFraming = {
  headers: { Connection: "close" },
  frame: (parts) => Buffer.concat(parts),
  frameText: textBytes,
  meter: () => (next) => next.length,
};

/** Before what a DATA frame holds. */
export const frameHeadBytes = 9;
const maxFrameBytes = 16_384;

/** DATA frames, whose heads Node writes (RFC 9113, sections 4.1 and 4.2). What waits together shares them. */
const dataFrames: AnswerFraming = {
  headers: {},
  frame: (parts) => Buffer.concat(parts),
  frameText: textBytes,
  meter(stream) {
    const heads = new HeadCounter(frameHeadBytes, maxFrameBytes);
    return ({ length }) => length + heads.add(length, stream.writableLength > 0);
  },
};

/** How the answers of a listener are framed, but for those to HTTP/1.0. */
export function answerFraming(isHttp2: boolean): AnswerFraming {
  return isHttp2 ? dataFrames : chunks;
}

/** How the answer to a request is framed. */
export function framingFor({ httpVersion }: IncomingMessage): AnswerFraming {
  if (httpVersion === "1.0") return contents;
  return answerFraming(httpVersion === "2.0");
}
