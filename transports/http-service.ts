import { STATUS_CODES } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isHttp2Stream, streamOf } from "./answer-framing.ts";
import { FairHttpReading } from "./fair-reading.ts";
import { scheduleRoundRobin } from "./fair-scheduler.ts";
import { isGuarded } from "./guards.ts";
import { HttpGuards, admitting } from "./http-guards.ts";
import { linger } from "./linger.ts";
import { refuse, refuseUpgrade } from "./refuse.ts";
import type { UpgradedStream } from "./refuse.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { maxMessageBytes } from "./transport.ts";
import type { Listener } from "./transport.ts";

/** How a transport handles the requests that are admitted. */
export interface HttpService {
  request(request: IncomingMessage, response: ServerResponse): void;
  /**
   * `stream` is what the other protocol is spoken on: the socket, or with HTTP/2 the stream of an extended CONNECT.
   * `bucket` limits what may come on it; null without a limit.
   */
  upgrade?(
    request: IncomingMessage,
    head: Buffer,
    stream: UpgradedStream,
    bucket: TokenBucket | null,
  ): void;
}

/**
 * How many requests of one connection may wait for the answers before theirs (pipelining: RFC 9112,
 * 9.3.2). Behind an answer that never ends, they wait in vain.
 */
const maxWaiting = 100;

/** What a body may have beyond twice the longest message, as one of several small packets does. */
const spareBytes = 4_096;

/** How many requests of one connection are answered at a stretch: then others have their turn. */
const maxInARow = 16;

/** The state of one accepted connection. */
class HttpConnection {
  /** The answer to the request that came last. */
  last: ServerResponse;
  waiting = 0;
  #answered = 0;

  constructor(last: ServerResponse) {
    this.last = last;
  }

  /** Answers the next request: at once, or when it is the turn of this connection. */
  inTurn(answer: () => void): void {
    this.#answered += 1;
    if (this.#answered <= maxInARow) return answer();
    this.#answered = 0;
    scheduleRoundRobin(answer);
  }
}

/**
 * Mounts a transport on a listener. It gets the requests of admitted clients only, and of each connection
 * the next one when the answer before has gone out: so it may write to a socket directly, and a client that
 * doesn't read costs no more than one answer.
 */
export function serveHttp(listener: Listener, service: HttpService): void {
  const { guards } = listener;
  const guarding = isGuarded(guards) ? new HttpGuards(listener) : null;
  const admit = guarding?.admit ?? admitting(listener);
  const { idleMs = Infinity, payloadBytes = maxMessageBytes } = guards;
  const maxBodyBytes = 2 * payloadBytes + spareBytes;
  listener.http.keepAliveTimeout = Math.min(listener.http.keepAliveTimeout, idleMs);
  const fairReading = new FairHttpReading(listener);
  const connections = new WeakMap<Socket, HttpConnection>();

  const serve: HttpService["request"] = (request, response) => service.request(request, response);
  /** Hands a request over that is admitted. */
  const answer = (
    request: IncomingMessage,
    response: ServerResponse,
    take: HttpService["request"] = serve,
  ): void => {
    const stream = listener.isHttp2 ? streamOf(response) : request.socket;
    const refusal = admit(request, stream, response);
    if (hasBody(request, stream)) {
      watchBody(request, response, fairReading, maxBodyBytes);
      guarding?.limitBody(request, response);
    }
    if (refusal === null) take(request, response);
    else refuse(response, refusal.status, refusal.reason, refusal.headers);
  };

  /** Has a request answered when those before it on its connection are. */
  const enqueue = (
    request: IncomingMessage,
    response: ServerResponse,
    next: HttpService["request"],
  ): void => {
    const { socket } = request;
    // Node goes on with what it has read already.
    if (socket.destroyed) return;
    const connection = connections.get(socket);
    if (connection === undefined) {
      connections.set(socket, new HttpConnection(response));
      return next(request, response);
    }
    const before = connection.last;
    connection.last = response;
    if (connection.waiting === maxWaiting) return void socket.destroy();
    connection.waiting += 1;
    if (connection.waiting === maxInARow) fairReading.begin();
    const proceed = (): void => {
      connection.waiting -= 1;
      // Not so after an answer that ends the connection.
      if (response.socket !== null && !socket.destroyed) next(request, response);
    };
    // It has the socket as soon as it may be answered.
    if (response.socket !== null) connection.inTurn(proceed);
    else before.once("finish", () => connection.inTurn(proceed));
  };

  // Streams of HTTP/2 don't wait for each other.
  listener.http.on("request", (request, response) =>
    listener.isHttp2 ? answer(request, response) : enqueue(request, response, answer),
  );
  // Node would refuse it by itself, before those that wait.
  listener.http.on("checkExpectation", (request, response) =>
    enqueue(request, response, () =>
      answer(request, response, () =>
        refuse(response, 417, "the only expectation is 100-continue"),
      ),
    ),
  );

  // Node answers requests to upgrade as if they weren't, where no one listens to them.
  if (service.upgrade === undefined) return;
  const upgrade = (request: IncomingMessage, head: Buffer, stream: UpgradedStream): void => {
    const refusal = admit(request, stream);
    const bucket = guarding?.connectionOf(stream).bucket ?? null;
    if (refusal === null) return service.upgrade?.(request, head, stream, bucket);
    const { status, reason, headers } = refusal;
    refuseUpgrade(stream, `${status} ${STATUS_CODES[status]}`, reason, headers);
  };
  listener.http.on("upgrade", (request, stream, first: Buffer) => {
    if (isHttp2Stream(stream)) return upgrade(request, first, stream);
    const { socket } = request;
    const further = fairReading.leave(socket);
    if (socket.destroyed) return;
    const head = further.length === 0 ? first : Buffer.concat([first, further]);
    const proceed = (): void => upgrade(request, head, socket);
    const before = connections.get(socket)?.last;
    if (before === undefined || before.writableFinished) return proceed();
    // Node no longer listens to it.
    socket.on("error", () => {});
    before.once("finish", proceed);
  });
}

/** Whether a body follows the head of a request: RFC 9112, section 6.3, and RFC 9113, section 8.1. */
function hasBody({ rawHeaders }: IncomingMessage, stream: Duplex): boolean {
  if (isHttp2Stream(stream)) return !stream.endAfterHeaders;
  // Of each request: nearly every name has another length, which is all that is looked at then.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === lengthHeader.length && name.toLowerCase() === lengthHeader) return true;
    if (name.length === codingHeader.length && name.toLowerCase() === codingHeader) return true;
  }
  return false;
}

const lengthHeader = "content-length";
const codingHeader = "transfer-encoding";

/**
 * How many pieces of a body arrive before their average size is judged: a message of a few bytes is one small
 * piece.
 */
const firstPieces = 64;

/** The average size below which pieces are too small; over a network they have several times as much. */
const minPieceBytes = 64;

/** Begins fair reading for a body in small pieces, and ends the connection for one that is far too long. */
function watchBody(
  request: IncomingMessage,
  response: ServerResponse,
  fairReading: FairHttpReading,
  maxBytes: number,
): void {
  let pieces = 0;
  let bytes = 0;
  let isOver = false;
  request.on("data", (piece: Buffer) => {
    pieces += 1;
    bytes += piece.length;
    if (pieces > firstPieces && bytes < pieces * minPieceBytes) fairReading.begin();
    if (isOver || bytes <= maxBytes) return;
    isOver = true;
    // Its answer has been written long before, or is by whoever gets this piece next.
    setImmediate(() => endReading(request.socket, response));
  });
}

/** Ends the connection, or stream of HTTP/2, of a client that sends too much; what it is answered, it gets to read. */
function endReading(socket: Socket, response: ServerResponse): void {
  const stream = streamOf(response);
  if (isHttp2Stream(stream) || !response.headersSent) return void stream.destroy();
  linger(socket);
  socket.destroySoon();
}
