import { Agent, request as requestPlain } from "node:http";
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { Agent as SecureAgent, request as requestSecurely } from "node:https";
import type { Socket } from "node:net";
import { finished } from "node:stream";
import { isSecure } from "../settings/target.ts";
import { codeOf } from "../errors/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Head, Heard } from "./heard.ts";
import { Listening, offeredEncodings, wallMs } from "./listening.ts";
import { asking } from "./question.ts";
import type { Question } from "./question.ts";

export interface Hearing {
  /** By HTTP/2, which the server has to choose. */
  readonly isHttp2?: boolean;
  /** A connection that is kept, and how often it was used before. */
  readonly agent?: Agent;
  /** How long to listen; told again when the head is there. */
  readonly limitMs: number | ((head: Head) => number);
  /** Before a head has come, where `limitMs` is told by it. */
  readonly headLimitMs?: number;
}

/** Asks once, and listens until it ends or the time is over. Rejects with the system's error where nothing came at all. */
export function hear(
  endpoint: Endpoint,
  question: Question | null,
  hearing: Hearing,
): Promise<Heard> {
  return hearing.isHttp2 === true
    ? hearHttp2(endpoint, question, hearing)
    : hearHttp1(endpoint, question, hearing);
}

const fieldsOf = ({ fields }: Endpoint): OutgoingHttpHeaders => ({
  accept: "text/event-stream",
  "cache-control": "no-cache",
  ...fields,
  "accept-encoding": offeredEncodings,
});

export function keptConnection({ url }: Endpoint): Agent {
  const options = { keepAlive: true, maxSockets: 1 };
  return isSecure(url.href) ? new SecureAgent(options) : new Agent(options);
}

/** Asks by HTTP/1.1, over TLS or not. */
export function requestAt(
  { url, tls }: Endpoint,
  options: {
    readonly agent?: Agent | false;
    readonly headers: OutgoingHttpHeaders;
  },
): ClientRequest {
  return isSecure(url.href)
    ? requestSecurely(url, { ...tls, ...options })
    : requestPlain(url, options);
}

function hearHttp1(
  endpoint: Endpoint,
  question: Question | null,
  { agent, limitMs, headLimitMs = 0 }: Hearing,
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const listening = new Listening();
    const dialledMs = wallMs();
    const at = { ...endpoint, url: asking(endpoint.url, question) };
    const request = requestAt(at, { agent: agent ?? false, headers: fieldsOf(endpoint) });
    let socket: Socket | null = null;
    const settle = (): void => {
      clearTimeout(timer);
      resolve(listening.heard());
      if (agent === undefined) request.destroy();
    };
    const over = (): void => {
      request.destroy();
      settle();
    };
    let timer = setTimeout(over, typeof limitMs === "number" ? limitMs : headLimitMs);
    request.on("socket", (its) => {
      socket = its;
      const asked = (): void => {
        listening.connectMs = wallMs() - dialledMs;
        listening.askedMs = wallMs();
      };
      if (request.reusedSocket) listening.askedMs = wallMs();
      else its.once(isSecure(endpoint.url.href) ? "secureConnect" : "connect", asked);
    });
    request.once("response", (response) => {
      const head = headOf(response);
      listening.head(head);
      if (typeof limitMs === "function") {
        clearTimeout(timer);
        timer = setTimeout(over, limitMs({ atMs: wallMs(), ...head }));
      }
      listening.read(response, () => socket?.bytesRead ?? 0);
      finished(response, (error) => {
        listening.ended(error === undefined || error === null, endText(error));
        // What was decoded last is told after the end.
        setTimeout(settle, settleMs);
      });
    });
    request.on("error", (error) => {
      if (listening.connectMs === null && !request.reusedSocket) {
        clearTimeout(timer);
        reject(error);
        return;
      }
      listening.ended(false, endText(error));
      settle();
    });
    request.end();
  });
}

/** For what zlib has still to tell. */
const settleMs = 20;

export function headOf(response: IncomingMessage): Omit<Head, "atMs"> {
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? "",
    fields: joined(response.headers),
    version: response.httpVersion,
  };
}

function hearHttp2(
  endpoint: Endpoint,
  question: Question | null,
  { limitMs }: Hearing,
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const listening = new Listening();
    const dialledMs = wallMs();
    const { origin, pathname, search } = asking(endpoint.url, question);
    const session = connectHttp2(origin, { ...endpoint.tls, ALPNProtocols: ["h2"] });
    const settle = (): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(listening.heard());
    };
    const timer = setTimeout(settle, typeof limitMs === "number" ? limitMs : 0);
    session.once("error", (error) => {
      clearTimeout(timer);
      if (listening.connectMs === null) reject(error);
    });
    session.once("connect", () => {
      listening.connectMs = wallMs() - dialledMs;
      listening.askedMs = wallMs();
    });
    const stream = session.request({ ...fieldsOf(endpoint), ":path": `${pathname}${search}` });
    stream.once("response", (fields) => {
      listening.head({
        status: fields[":status"] ?? 0,
        reason: "",
        fields: joined(fields),
        version: "2",
      });
      listening.read(stream, () => (session.destroyed ? 0 : session.socket.bytesRead));
    });
    finished(stream, { writable: false }, (error) => {
      listening.ended(error === undefined || error === null, endText(error));
      setTimeout(settle, settleMs);
    });
  });
}

function joined(
  fields: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): Record<string, string> {
  const known = Object.entries(fields).filter(([name]) => !name.startsWith(":"));
  return Object.fromEntries(
    known.map(([name, value]) => [name, typeof value === "object" ? value.join(", ") : `${value}`]),
  );
}

/** How it ended, in a few words. */
export function endText(error: unknown): string {
  if (error === undefined || error === null) return "it ended in order";
  const code = codeOf(error);
  return code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE"
    ? "the connection was closed in the middle"
    : `the connection failed (${code})`;
}
