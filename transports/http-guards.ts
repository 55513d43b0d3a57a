import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Admission } from "./admission.ts";
import { isHttp2Stream, streamOf } from "./answer-framing.ts";
import { GuardedConnections } from "./guarded-connections.ts";
import type { GuardedConnection } from "./guarded-connections.ts";
import { refuse } from "./refuse.ts";
import type { Listener } from "./transport.ts";

/** Why a request isn't taken, and what it is answered. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decides which requests are taken, given the stream of their answer, and the answer unless it is to be an upgrade. */
export type Admit = (
  request: IncomingMessage,
  stream: Duplex,
  response?: ServerResponse,
) => Refusal | null;

/** Takes requests to names of the server, of pages that may ask. */
export function admitting(listener: Listener): Admit {
  const admission = new Admission(listener.admitted, listener.guards.origins);
  return (request, _stream, response) => {
    const reason = admission.refusal(request, response);
    return reason === null ? null : { status: 403, reason };
  };
}

/** The same with the server's limits. */
export class HttpGuards {
  readonly #connections: GuardedConnections;
  readonly #admit: Admit;
  readonly #perAddress: number | undefined;
  readonly #token: Buffer | null;
  readonly #bodyMs: number | undefined;

  constructor(listener: Listener) {
    const { perAddress, token, requestMs } = listener.guards;
    this.#bodyMs = listener.isHttp2 ? requestMs : undefined;
    this.#connections = new GuardedConnections(listener);
    this.#admit = admitting(listener);
    this.#perAddress = perAddress;
    this.#token = token === undefined ? null : digest(token);
  }

  connectionOf(stream: Duplex): GuardedConnection {
    return this.#connections.of(stream);
  }

  readonly admit: Admit = (request, stream, response) => {
    const connection = this.connectionOf(stream);
    connection.asked();
    if (connection.isExcess) {
      const reason = `at most ${this.#perAddress} connections of one address`;
      if (!isHttp2Stream(stream)) return { status: 429, reason, headers: { ...soon, ...last } };
      stream.session?.close();
      return { status: 429, reason, headers: soon };
    }
    if (connection.bucket?.take() === false) {
      return { status: 429, reason: "too many requests on this connection", headers: soon };
    }
    return this.#admit(request, stream, response) ?? this.#unauthorized(request);
  };

  /** Over HTTP/1.1, Node sees to the time that a body takes. */
  limitBody(request: IncomingMessage, response: ServerResponse): void {
    if (this.#bodyMs === undefined) return;
    const stream = streamOf(response);
    const overdue = setTimeout(() => {
      response.once("finish", () => stream.destroy());
      if (response.headersSent) stream.destroy();
      else refuse(response, 408, "this request took too long to arrive");
    }, this.#bodyMs);
    const settled = (): void => clearTimeout(overdue);
    request.once("end", settled);
    response.once("close", settled);
  }

  #unauthorized(request: IncomingMessage): Refusal | null {
    if (this.#token === null) return null;
    const given = tokenOf(request);
    if (given === null) return unauthorized("a bearer token is needed", "");
    const isRight = timingSafeEqual(digest(given), this.#token);
    return isRight ? null : unauthorized("this token isn't valid", ', error="invalid_token"');
  }
}

/** In the average second, one more is let through at least. */
const soon = { "Retry-After": "1" };
const last = { Connection: "close" };

/** RFC 6750, section 3. */
function unauthorized(reason: string, error: string): Refusal {
  const challenge = `Bearer realm="transport-bench"${error}`;
  return { status: 401, reason, headers: { "WWW-Authenticate": challenge } };
}

/**
 * The token that a request carries: in its head, or where browsers let pages set no fields, for WebSockets and event
 * streams, as `access_token` in the query (RFC 6750, section 2.3), from which it is taken.
 */
function tokenOf(request: IncomingMessage): string | null {
  const { authorization = "" } = request.headers;
  const [, inHead] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  const [path = "", query] = (request.url ?? "").split(/\?(.*)/, 2);
  if (query === undefined) return inHead ?? null;
  const parameters = new URLSearchParams(query);
  const inQuery = parameters.get("access_token");
  if (inQuery === null) return inHead ?? null;
  parameters.delete("access_token");
  request.url = parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
  return inHead ?? inQuery;
}

/** Of one length, whatever is given. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
