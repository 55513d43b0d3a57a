import { chromiumFields, pageOrigin } from "./chromium-fields.ts";
import { isHttp2 } from "./layers.ts";
import { bearer } from "./header-fields.ts";
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
  /**
   * Bytes that take one message up, including the answer; null where they depend on what was sent before, as with
   * compressed headers, and on what comes down, as with flow control.
   */
  up(sending: ExpectedSending): WireBytes | null;
  /**
   * Bytes of a request by `Target.asks`, and of its answer but for the messages in it; null as `up`. Left out where
   * clients don't ask so.
   */
  asked?(asking: ExpectedAsking): WireBytes | null;
  /** Why `up` is null, for people. */
  readonly noUp?: string;
  /**
   * The bytes of a client's set-up that depend on the channel's number and the authority; the others depend on
   * libraries and aren't predicted. Null where the number of requests is a matter of timing.
   */
  handshake(handshake: ExpectedHandshake): WireBytes | null;
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
  /** How much comes down at least before a client sends one. */
  readonly updateEveryBytes: number;
}

export interface ExpectedDelivery {
  /** The size of each message's payload. */
  readonly payloadBytes: number;
  /** Bytes that it takes in a string of JSON beyond that. */
  readonly escapes?: number;
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
  /** Bytes that it takes in a string of JSON beyond that. */
  readonly escapes?: number;
  readonly channel: string;
  /** The server's host and port as in the header `Host`. */
  readonly authority: string;
}

export interface ExpectedAsking extends ExpectedSending {
  /** The number of the channel's newest message before the answer. */
  readonly number: number;
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

export function websocketTheory(layers: Layers = {}): Theory {
  const framed = (bytes: number): number => frameHead(bytes) + bytes;
  const handshake: Theory["handshake"] = ({ number, authority }) => ({
    down: digits(number),
    up: authority.length,
  });
  if (isHttp2(layers)) {
    return {
      source: "RFC 6455, section 5.2; RFC 8441, section 5; RFC 9113, sections 4.1, 6.1 and 6.9",
      down: ({ payloadBytes }) => ({ down: dataFrame(framed(payloadBytes)), up: 0 }),
      up: () => null,
      handshake,
      frames: http2Frames,
    };
  }
  return {
    source: "RFC 6455, section 5.2",
    down: ({ payloadBytes }) => ({ down: framed(payloadBytes), up: 0 }),
    up: ({ payloadBytes }) => ({ down: 0, up: framed(payloadBytes) + 4 }),
    handshake,
  };
}

type Payload = Pick<ExpectedDelivery, "payloadBytes" | "escapes">;

/**
 * The event `m` in a packet EVENT of Socket.IO in a packet `message` of Engine.IO in a frame: `42["m","…"]`, of which
 * `4` is Engine.IO's. `isBinary` is for the packets of `socket.io-msgpack-parser`, which Engine.IO sends as they are.
 */
export function socketIoTheory(variant: { isBinary: boolean; isUpgraded: boolean }): Theory {
  const { isBinary, isUpgraded } = variant;
  const framed = (bytes: number): number => frameHead(bytes) + bytes;
  const packet = ({ payloadBytes, escapes = 0 }: Payload): number =>
    isBinary ? msgpackEvent(payloadBytes) : '42["m",""]'.length + payloadBytes + escapes;
  return {
    source:
      "socket.io-protocol 5, engine.io-protocol 4" +
      (isBinary ? ", MessagePack's specification" : "") +
      "; RFC 6455, section 5.2",
    down: (payload) => ({ down: framed(packet(payload)), up: 0 }),
    up: (payload) => ({
      down: 0,
      up: framed(packet(payload) + (isBinary ? clientOptions : 0)) + 4,
    }),
    handshake: ({ number, authority }) =>
      isUpgraded
        ? null
        : { down: isBinary ? msgpackInteger(number) : digits(number), up: authority.length },
  };
}

/** `{type: 2, data: ["m", payload], nsp: "/"}`: a head for each map, array, short string and small number. */
function msgpackEvent(payloadBytes: number): number {
  const binaryHead = payloadBytes < 256 ? 2 : payloadBytes < 65_536 ? 3 : 5;
  return ".".length + ".type2.data..m".length + binaryHead + payloadBytes + ".nsp./".length;
}

/** `options: {compress: true}`, which the client leaves in the packets that it sends. */
const clientOptions = ".options..compress.".length;

function msgpackInteger(number: number): number {
  if (number < 128) return 1;
  if (number < 256) return 2;
  return number < 65_536 ? 3 : number < 2 ** 32 ? 5 : 9;
}

/** Bytes before an unmasked payload: its length takes 7 bits, or 16 or 64 more. A mask takes 4 bytes. */
function frameHead(payloadBytes: number): number {
  if (payloadBytes <= 125) return 2;
  return payloadBytes <= 65_535 ? 4 : 10;
}

/** `keepAliveMs` is how long the server keeps an unused connection, null where it closes each after one request. */
export function eventStreamTheory(
  keepAliveMs: number | null,
  layers: Layers = {},
  client: string = "default",
): Theory {
  const { source, piece, up, asked, rest } = streamedBy(keepAliveMs, layers, {
    path: "/sse/",
    type: "text/event-stream",
    hello: ({ number }) => "event: hello\nid: \ndata: \n\n".length + 2 * digits(number),
    request:
      client === "fetch"
        ? ["Accept: text/event-stream", ...fetchFields.filter((field) => field !== acceptsAny)]
        : ["Accept: text/event-stream"],
    kind: "events",
  });
  return {
    source: `WHATWG HTML, section 9.2; ${source}`,
    down({ payloadBytes, number }) {
      return { down: piece("id: \ndata: \n\n".length + digits(number) + payloadBytes), up: 0 };
    },
    up,
    asked,
    // In the id and in the data; with thirty digits the event is still no longer than two can say.
    handshake: ({ number, authority }) => ({ down: 2 * digits(number), up: authority.length }),
    ...rest,
  };
}

/**
 * Lines of JSON.
 * `keepAliveMs` is how long the server keeps an unused connection, null where it closes each after one request.
 */
export function lineTheory(
  keepAliveMs: number | null,
  layers: Layers = {},
  client: string = "default",
): Theory {
  const hello = ({ number }: Pick<ExpectedHandshake, "number">): number =>
    '{"hello":}\n'.length + digits(number);
  const { source, piece, up, asked, rest } = streamedBy(keepAliveMs, layers, {
    path: "/stream/",
    type: "application/x-ndjson",
    hello,
    request: client === "fetch" ? fetchFields : [],
    kind: "fetch",
  });
  return {
    source: `its own lines of JSON (RFC 8259); ${source}`,
    down({ payloadBytes, escapes = 0, number }) {
      const line = '{"id":,"data":""}\n'.length + digits(number) + payloadBytes + escapes;
      return { down: piece(line), up: 0 };
    },
    up,
    asked,
    handshake: ({ number, authority }) => ({
      down: piece(hello({ number })),
      up: authority.length,
    }),
    ...rest,
  };
}

/** What a format says of the requests that its answers are for, and of the answers' beginning. */
interface AskedFormat {
  readonly path: string;
  readonly type: string;
  /** Bytes of the first text. */
  readonly hello: (asking: Pick<ExpectedAsking, "number">) => number;
  /** The fields of a request besides those of all. */
  readonly request: readonly string[];
  /** As what a browser would ask. */
  readonly kind: "events" | "fetch";
}

/** What HTTP makes of a stream of messages, and of what is sent up beside it or answered by it. */
function streamedBy(keepAliveMs: number | null, layers: Layers, format: AskedFormat): Streaming {
  if (isHttp2(layers)) {
    const source = "RFC 9113, sections 4.1, 6.1 and 6.9";
    const rest = { noUp: compressedHeads, frames: http2Frames };
    return { source, piece: dataFrame, up: () => null, asked: () => null, rest };
  }
  const fields = fieldsOf(keepAliveMs, layers);
  const asked = fieldsOf(keepAliveMs, layers, format.kind);
  return {
    source: "RFC 9112, sections 3, 4, 6 and 7.1",
    piece: chunk,
    up: (sending) => postBytes(sending, fields),
    asked: (asking) => askedBytes(asking, asked, format),
    rest: {},
  };
}

interface Streaming extends Pick<Theory, "source" | "up"> {
  /** Bytes of a piece of an answer with that much in it. */
  readonly piece: (bytes: number) => number;
  readonly asked: (asking: ExpectedAsking) => WireBytes | null;
  readonly rest: Pick<Theory, "noUp" | "frames">;
}

/** One request, and the head, the first text and the end of its answer. */
function askedBytes(asking: ExpectedAsking, fields: CommonFields, format: AskedFormat): WireBytes {
  const { payloadBytes, channel, authority } = asking;
  const request = head(
    `POST ${format.path}${channel} HTTP/1.1`,
    `host: ${authority}`,
    ...fields.request,
    ...format.request,
    `content-length: ${payloadBytes}`,
  );
  const answer = head(
    "HTTP/1.1 200 OK",
    `Content-Type: ${format.type}`,
    "Cache-Control: no-store",
    "Transfer-Encoding: chunked",
    ...fields.answer,
  );
  return {
    down: answer + chunk(format.hello(asking)) + "0\r\n\r\n".length,
    up: request + payloadBytes,
  };
}

/** Why requests and answers over HTTP/2 have no theory (RFC 7541). */
export const compressedHeads =
  "HTTP/2 compresses heads by what the connection has carried before, so their bytes can't be known beforehand";

/** A chunk with that much in it. */
function chunk(bytes: number): number {
  return bytes.toString(16).length + "\r\n\r\n".length + bytes;
}

/** A WINDOW_UPDATE holds a number of four bytes; nghttp2 sends one when half a window is used up. */
const http2Frames: FrameTheory = {
  headBytes: 9,
  maxBytes: 16_384,
  updateBytes: 9 + 4,
  updateEveryBytes: Math.floor(65_535 / 2),
};

/** DATA frames with that much in them: as few as hold it. */
function dataFrame(bytes: number): number {
  return 9 * Math.ceil(bytes / 16_384) + bytes;
}

/**
 * `keepAliveMs` is how long the server keeps an unused connection, null where it closes each after one answer, and
 * `client` what polls.
 */
export function pollingTheory(keepAliveMs: number | null, layers: Layers, client: string): Theory {
  const isFetch = client === "fetch";
  const fields = fieldsOf(keepAliveMs, layers);
  const ofFetch = { ...fields, request: [...fields.request, ...fetchFields] };
  return {
    source: `RFC 9112, sections 3, 4 and 6${isFetch ? "; the Fetch standard, HTTP-network-or-cache fetch" : ""}`,
    down: (delivery) => pollBytes(delivery, isFetch ? ofFetch : fields),
    up: (sending) => postBytes(sending, fields),
    handshake: ({ number, authority }) => ({ down: digits(number), up: authority.length }),
  };
}

const acceptsAny = "accept: */*";

/** What `fetch` adds to a request; of the values, the standard leaves the language and the agent open. */
const fetchFields: readonly string[] = [
  acceptsAny,
  "accept-language: *",
  "sec-fetch-mode: cors",
  "user-agent: undici",
  "accept-encoding: identity",
];

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

/** Those that a token and a limit on idle connections bring, and the usual ones. */
function fieldsOf(
  keepAliveMs: number | null,
  { headers, token, idleMs = Infinity }: Layers,
  kind: "events" | "fetch" = "fetch",
): CommonFields {
  const keptMs = keepAliveMs && Math.min(keepAliveMs, idleMs);
  const { request, answer } = usualFields(keptMs, headers, kind);
  return token === undefined
    ? { request, answer }
    : { request: [...request, bearer(token)], answer };
}

/** Those that Node and its client add, or fewer, or also those of a browser and for one (Fetch, section 3.3.3). */
function usualFields(
  keepAliveMs: number | null,
  headers: Layers["headers"] = "node",
  kind: "events" | "fetch" = "fetch",
): CommonFields {
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
    request: [connection, ...chromiumFields[kind]],
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
