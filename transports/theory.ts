import { chromiumFields, pageOrigin } from "./chromium-fields.ts";
import type { Layers } from "./layers.ts";
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
  /** Bytes that take one message up, including the answer. */
  up(sending: ExpectedSending): WireBytes;
  /**
   * The bytes of a client's set-up that depend on the channel's number and the authority; the others depend on
   * libraries and aren't predicted.
   */
  handshake(handshake: ExpectedHandshake): WireBytes;
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
export function eventStreamTheory(upstreamKeepAliveMs: number, layers: Layers = {}): Theory {
  return {
    source: "WHATWG HTML, section 9.2; RFC 9112, sections 3, 4, 6 and 7.1",
    down({ payloadBytes, number }) {
      const event = "id: \ndata: \n\n".length + digits(number) + payloadBytes;
      return { down: event.toString(16).length + "\r\n\r\n".length + event, up: 0 };
    },
    up: (sending) => postBytes(sending, fieldsOf(upstreamKeepAliveMs, layers)),
    // In the id and in the data; with thirty digits the event is still no longer than two can say.
    handshake: ({ number, authority }) => ({ down: 2 * digits(number), up: authority.length }),
  };
}

/**
 * Lines of JSON whose payloads need no escapes: ASCII without quotation marks and backslashes.
 * `upstreamKeepAliveMs` is how long the server keeps an unused connection.
 */
export function lineTheory(upstreamKeepAliveMs: number, layers: Layers = {}): Theory {
  return {
    source: "its own lines of JSON (RFC 8259); RFC 9112, sections 3, 4, 6 and 7.1",
    down({ payloadBytes, number }) {
      const line = '{"id":,"data":""}\n'.length + digits(number) + payloadBytes;
      return { down: line.toString(16).length + "\r\n\r\n".length + line, up: 0 };
    },
    up: (sending) => postBytes(sending, fieldsOf(upstreamKeepAliveMs, layers)),
    handshake({ number, authority }) {
      const hello = '{"hello":}\n'.length + digits(number);
      return { down: hello.toString(16).length + digits(number), up: authority.length };
    },
  };
}

/** `keepAliveMs` is how long the server keeps an unused connection; null where it closes each after one answer. */
export function pollingTheory(keepAliveMs: number | null, layers: Layers = {}): Theory {
  return {
    source: "RFC 9112, sections 3, 4 and 6",
    down: (delivery) => pollBytes(delivery, fieldsOf(keepAliveMs, layers)),
    up: (sending) => postBytes(sending, fieldsOf(keepAliveMs, layers)),
    handshake: ({ number, authority }) => ({ down: digits(number), up: authority.length }),
  };
}

/** One poll and its answer. */
function pollBytes(delivery: ExpectedDelivery, fields: CommonFields): WireBytes {
  const { payloadBytes, messages, number, channel, authority } = delivery;
  const bodyBytes = messages * (digits(payloadBytes) + "\n".length + payloadBytes);
  const request = head(
    `GET /poll/${channel}?after=${number - messages} HTTP/1.1`,
    `host: ${authority}`,
    ...fields.request,
  );
  const answer = head(
    "HTTP/1.1 200 OK",
    "Content-Type: application/octet-stream",
    `Content-Length: ${bodyBytes}`,
    "Cache-Control: no-store",
    `Cursor: ${number}`,
    ...fields.answer,
  );
  return { down: answer + bodyBytes, up: request };
}

/** One message sent up by POST, and its answer. */
function postBytes(sending: ExpectedSending, fields: CommonFields): WireBytes {
  const { payloadBytes, channel, authority } = sending;
  const request = head(
    `POST /send/${channel} HTTP/1.1`,
    `host: ${authority}`,
    ...fields.request,
    `content-length: ${payloadBytes}`,
  );
  const answer = head("HTTP/1.1 204 No Content", ...fields.answer);
  return { down: answer, up: request + payloadBytes };
}

/** The fields of all requests and all answers. */
interface CommonFields {
  readonly request: readonly string[];
  readonly answer: readonly string[];
}

/** Those that Node and its client add, or fewer, or also those of a browser and for one (Fetch, section 3.3.3). */
function fieldsOf(keepAliveMs: number | null, { headers = "node" }: Layers): CommonFields {
  const connection = `connection: ${keepAliveMs === null ? "close" : "keep-alive"}`;
  if (headers === "minimal")
    return { request: keepAliveMs === null ? [connection] : [], answer: [] };
  const answer = [
    // All dates have the same length: RFC 9110, section 5.6.7.
    "Date: Thu, 01 Jan 1970 00:00:00 GMT",
    connection,
    ...(keepAliveMs === null ? [] : [`Keep-Alive: timeout=${Math.floor(keepAliveMs / 1_000)}`]),
  ];
  if (headers === "node") return { request: [connection], answer };
  return {
    request: [connection, ...chromiumFields.fetch],
    answer: [
      ...answer,
      `Access-Control-Allow-Origin: ${pageOrigin}`,
      "Access-Control-Expose-Headers: Cursor",
      "Access-Control-Allow-Credentials: true",
      "Vary: Origin",
    ],
  };
}

/** Bytes of a message's start line and fields, with the empty line that ends them. */
function head(...lines: readonly string[]): number {
  return lines.reduce((bytes, line) => bytes + line.length + "\r\n".length, "\r\n".length);
}

function digits(number: number): number {
  return String(number).length;
}
