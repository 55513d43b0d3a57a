import type { WireBytes } from "./wire-bytes.ts";

/**
 * TCP payload bytes as the documents have it that define a wire format, payloads of ASCII without line
 * ends included. An independent statement: it must not call the code whose bytes it predicts.
 */
export interface Theory {
  /** The sources of the formulas: documents and their sections. */
  readonly source: string;
  /** Bytes that bring messages to one client at once, including the request that asks for them. */
  down(delivery: ExpectedDelivery): WireBytes;
  /**
   * Bytes that take one message up, including the answer; null where they depend on what was sent before, as with
   * compressed headers.
   */
  up(sending: ExpectedSending): WireBytes | null;
  /**
   * The bytes of a client's set-up that depend on the channel's number and the authority; the others depend on
   * libraries and aren't predicted.
   */
  handshake(handshake: ExpectedHandshake): WireBytes;
  /** Present where messages are in frames of a layer below, of which there may be fewer or more. */
  readonly frames?: FrameTheory;
}

/**
 * A layer that cuts a stream of messages into frames: those that wait to be written go together, and long ones are cut.
 * `down` has a frame for each message, or as many as a long one needs.
 */
export interface FrameTheory {
  /** Bytes of a frame's head. */
  readonly headBytes: number;
  /** The most that a frame holds, in bytes. */
  readonly maxBytes: number;
  /** Bytes of a frame that clients send up, to have more sent. */
  readonly updateBytes: number;
}

export interface ExpectedDelivery {
  /** The size of each message's payload. */
  readonly payloadBytes: number;
  /** How many come together; always 1 where they are pushed. */
  readonly messages: number;
  /** The number of the last of them on its channel. */
  readonly number: number;
  readonly channel: string;
  /** The server's host and port as in the header `Host`. */
  readonly authority: string;
}

export interface ExpectedHandshake {
  /** The number of the newest message on the channel. */
  readonly number: number;
  /** The server's host and port as in the header `Host`. */
  readonly authority: string;
}

export interface ExpectedSending {
  readonly payloadBytes: number;
  readonly channel: string;
  /** The server's host and port as in the header `Host`. */
  readonly authority: string;
}

/*
 * The bytes that each transport's messages must cost on the wire, by the documents that define the formats. None of
 * this calls the code that is measured, or shares a constant with it, so that each checks the other.
 * Payloads are ASCII without line ends, as the harness's own are.
 */

/** Four bytes of length before each payload, and nothing else. */
export const tcpTheory: Theory = {
  source: "its own wire format: a length of 4 bytes before each payload",
  down: ({ payloadBytes }) => ({ down: 4 + payloadBytes, up: 0 }),
  up: ({ payloadBytes }) => ({ down: 0, up: 4 + payloadBytes }),
  handshake: ({ number }) => ({ down: digits(number), up: 0 }),
};

export const websocketTheory: Theory = {
  source: "RFC 6455, section 5.2",
  down: ({ payloadBytes }) => ({ down: frameHead(payloadBytes) + payloadBytes, up: 0 }),
  up: ({ payloadBytes }) => ({ down: 0, up: frameHead(payloadBytes) + 4 + payloadBytes }),
  handshake: ({ number, authority }) => ({ down: digits(number), up: authority.length }),
};

/** Bytes before an unmasked payload: its length takes 7 bits, or 16 or 64 more. A mask takes 4 bytes. */
function frameHead(payloadBytes: number): number {
  if (payloadBytes <= 125) return 2;
  return payloadBytes <= 65_535 ? 4 : 10;
}

/** `upstreamKeepAliveMs` is how long the server keeps an unused connection. */
export function eventStreamTheory(upstreamKeepAliveMs: number, isHttp2: boolean): Theory {
  const piece = isHttp2 ? dataFrame : chunk;
  return {
    source: `WHATWG HTML, section 9.2; ${isHttp2 ? http2Source : http1Source}`,
    down({ payloadBytes, number }) {
      return { down: piece("id: \ndata: \n\n".length + digits(number) + payloadBytes), up: 0 };
    },
    up: (sending) => (isHttp2 ? null : postBytes(sending, upstreamKeepAliveMs)),
    // In the id and in the data; with thirty digits the event is still no longer than two can say.
    handshake: ({ number, authority }) => ({ down: 2 * digits(number), up: authority.length }),
    ...(isHttp2 && { frames: http2Frames }),
  };
}

/**
 * Lines of JSON whose payloads need no escapes: ASCII without quotation marks and backslashes.
 * `upstreamKeepAliveMs` is how long the server keeps an unused connection.
 */
export function lineTheory(upstreamKeepAliveMs: number, isHttp2: boolean): Theory {
  const piece = isHttp2 ? dataFrame : chunk;
  return {
    source: `its own lines of JSON (RFC 8259); ${isHttp2 ? http2Source : http1Source}`,
    down({ payloadBytes, number }) {
      const line = '{"id":,"data":""}\n'.length + digits(number) + payloadBytes;
      return { down: piece(line), up: 0 };
    },
    up: (sending) => (isHttp2 ? null : postBytes(sending, upstreamKeepAliveMs)),
    handshake: ({ number, authority }) => ({
      down: piece('{"hello":}\n'.length + digits(number)),
      up: authority.length,
    }),
    ...(isHttp2 && { frames: http2Frames }),
  };
}

const http1Source = "RFC 9112, sections 3, 4, 6 and 7.1";

/** A chunk with that much in it. */
function chunk(bytes: number): number {
  return bytes.toString(16).length + "\r\n\r\n".length + bytes;
}

const http2Source = "RFC 9113, sections 4.1, 6.1 and 6.9";

/** A WINDOW_UPDATE holds a number of four bytes. */
const http2Frames: FrameTheory = { headBytes: 9, maxBytes: 16_384, updateBytes: 9 + 4 };

/** DATA frames with that much in them: as few as hold it. */
function dataFrame(bytes: number): number {
  return 9 * Math.ceil(bytes / 16_384) + bytes;
}

/** `keepAliveMs` is how long the server keeps an unused connection. */
export function pollingTheory(keepAliveMs: number): Theory {
  return {
    source: "RFC 9112, sections 3, 4 and 6",
    down: (delivery) => pollBytes(delivery, keepAliveMs),
    up: (sending) => postBytes(sending, keepAliveMs),
    handshake: ({ number, authority }) => ({ down: digits(number), up: authority.length }),
  };
}

/** One poll and its answer. */
function pollBytes(delivery: ExpectedDelivery, keepAliveMs: number): WireBytes {
  const { payloadBytes, messages, number, channel, authority } = delivery;
  const bodyBytes = messages * (digits(payloadBytes) + "\n".length + payloadBytes);
  const request = head(
    `GET /poll/${channel}?after=${number - messages} HTTP/1.1`,
    `host: ${authority}`,
    "connection: keep-alive",
  );
  const answer = head(
    "HTTP/1.1 200 OK",
    "Content-Type: application/octet-stream",
    `Content-Length: ${bodyBytes}`,
    "Cache-Control: no-store",
    `Cursor: ${number}`,
    ...connectionFields(keepAliveMs),
  );
  return { down: answer + bodyBytes, up: request };
}

/** One message sent up by POST, and its answer. */
function postBytes(sending: ExpectedSending, keepAliveMs: number): WireBytes {
  const { payloadBytes, channel, authority } = sending;
  const request = head(
    `POST /send/${channel} HTTP/1.1`,
    `host: ${authority}`,
    "connection: keep-alive",
    `content-length: ${payloadBytes}`,
  );
  const answer = head("HTTP/1.1 204 No Content", ...connectionFields(keepAliveMs));
  return { down: answer, up: request + payloadBytes };
}

/** The headers that Node adds to an answer after which the connection is kept. */
function connectionFields(keepAliveMs: number): string[] {
  return [
    // All dates have the same length: RFC 9110, section 5.6.7.
    "Date: Thu, 01 Jan 1970 00:00:00 GMT",
    "Connection: keep-alive",
    `Keep-Alive: timeout=${Math.floor(keepAliveMs / 1_000)}`,
  ];
}

/** Bytes of a message's start line and fields, with the empty line that ends them. */
function head(...lines: readonly string[]): number {
  return lines.reduce((bytes, line) => bytes + line.length + "\r\n".length, "\r\n".length);
}

function digits(number: number): number {
  return String(number).length;
}
