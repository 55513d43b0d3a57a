import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Client, Dispatcher } from "undici";
import HttpClient from "undici/lib/dispatcher/client.js";
import { channelPattern } from "./channels.ts";
import { maxMessageBytes } from "./transport.ts";
import type { ServerHandlers, Target } from "./transport.ts";

// What the HTTP transports share: first the server's side, then the client's.

/** Tells how many bytes have crossed a socket since it was last asked about it. */
export class SocketLedger {
  readonly #seen = new WeakMap<Socket, { down: number; up: number }>();

  /** `down` is server to client. Bytes still in Node's write queue count: they will cross. */
  since(socket: Socket): { down: number; up: number } {
    const down = socket.bytesWritten;
    const up = socket.bytesRead;
    const seen = this.#seen.get(socket);
    if (seen === undefined) {
      this.#seen.set(socket, { down, up });
      return { down, up };
    }
    const spent = { down: down - seen.down, up: up - seen.up };
    seen.down = down;
    seen.up = up;
    return spent;
  }
}

/** Answers with an error status and one line that says what would have been right. */
export function refuse(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${reason}\n`;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** A number that a client gave as the last it received; null when it is not one. */
function parseCursor(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Why a server can't go on after `text`, or null when it can. */
export function refusedCursor(text: string, newest: number): string | null {
  const cursor = parseCursor(text);
  if (cursor === null) return "the cursor must be a whole number";
  if (cursor > newest) return `the cursor is ahead of the newest message, ${newest}`;
  return null;
}

const sendPath = new RegExp(`^/send/(${channelPattern})$`);

/**
 * Takes `POST /send/:channel`, the upstream of the transports that have none of their own: 204 when
 * taken, 413 when larger than `maxMessageBytes`. False when the request is not one of these.
 */
export function takeUpstream(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: ServerHandlers,
  ledger: SocketLedger,
): boolean {
  const channel = sendPath.exec(request.url ?? "")?.[1];
  if (channel === undefined) return false;
  if (request.method !== "POST") {
    refuse(response, 405, "messages are sent up with POST", { Allow: "POST" });
    return true;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxMessageBytes) chunks.push(chunk);
    else if (!response.headersSent) {
      // The rest of it is not read: the connection can't be used again.
      const reason = `a message has at most ${maxMessageBytes} bytes`;
      refuse(response, 413, reason, { Connection: "close" });
      response.once("finish", () => request.socket.destroySoon());
    }
  });
  request.on("end", () => {
    if (response.headersSent) return;
    handlers.message(channel, Buffer.concat(chunks));
    response.writeHead(204).end();
    const { down, up } = ledger.since(request.socket);
    handlers.spent("upstream", down, up);
  });
  return true;
}

/** An undici client on one socket at a time that the harness dials, as one real client would use. */
export function openHttpClient(target: Target, keepAliveMs: number): Client {
  return new HttpClient(`http://${target.authority}`, {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_options, callback) {
      const socket = target.dial();
      const failed = (error: Error): void => callback(error, null);
      socket.once("error", failed);
      socket.once("connect", () => {
        socket.off("error", failed);
        callback(null, socket);
      });
    },
  });
}

/** Sends messages up by POST on a connection of its own, opened by the first of them. */
export class HttpUpstream {
  readonly #target: Target;
  readonly #failed: (reason: string) => void;
  #client: Client | undefined;

  constructor(target: Target, failed: (reason: string) => void) {
    this.#target = target;
    this.#failed = failed;
  }

  send(payload: Buffer): void {
    this.#client ??= openHttpClient(this.#target, 600_000);
    const failed = this.#failed;
    this.#client.dispatch(
      { method: "POST", path: `/send/${this.#target.channel}`, body: payload },
      answerHandler((status) => {
        if (status !== 204) failed(`send was refused with status ${status}`);
      }, failed),
    );
  }

  async close(): Promise<void> {
    await this.#client?.destroy();
  }
}

/**
 * The lean way to use undici: the whole answer in one call, or the reason why there is none. `cursor` is
 * the value of that header, empty when there is none.
 *
 * These are the handlers that undici 7 itself works with. The ones that it names as their successors
 * stand on top of them and decode every header first, which costs a polling client a tenth of its time.
 */
export function answerHandler(
  answered: (status: number, cursor: string, body: Buffer) => void,
  failed: (reason: string, error: Error) => void,
): Dispatcher.DispatchHandler {
  let status = 0;
  let cursor = "";
  let chunks: Buffer[] = [];
  return {
    onConnect() {},
    onHeaders(code, headers) {
      status = code;
      cursor = headerValue(headers, "cursor");
      return true;
    },
    onData(chunk) {
      chunks.push(chunk);
      return true;
    },
    onComplete() {
      const [only = noBody] = chunks;
      const body = chunks.length > 1 ? Buffer.concat(chunks) : only;
      chunks = [];
      answered(status, cursor, body);
    },
    onError(error) {
      failed(error.message, error);
    },
  };
}

/** The value of a header in undici's list of names and values in turn. */
function headerValue(headers: readonly Buffer[], name: string): string {
  for (let at = 0; at < headers.length; at += 2) {
    const candidate = headers[at];
    if (candidate?.length === name.length && candidate.toString("latin1").toLowerCase() === name) {
      return headers[at + 1]?.toString("latin1") ?? "";
    }
  }
  return "";
}

const noBody = Buffer.alloc(0);
