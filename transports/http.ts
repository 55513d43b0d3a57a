import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { channelPattern } from "./channels.ts";
import { parseCursor } from "./refusal.ts";
import { maxMessageBytes } from "./transport.ts";
import type { ServerHandlers } from "./transport.ts";

// What the HTTP transports share on the server's side; http-client.ts has the client's.

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
