import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";

/** The requests of a server that aren't answered yet, such as held polls, by their connections. */
export class OpenRequests {
  readonly #responses = new Map<Duplex, ServerResponse>();
  #isLast = false;

  constructor(http: Server) {
    http.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      // HTTP/2 ends no connection with an answer.
      if (!(socket instanceof Socket)) return;
      if (this.#isLast) response.shouldKeepAlive = false;
      this.#responses.set(socket, response);
      response.once("close", () => this.#responses.delete(socket));
    });
  }

  /** From here on each connection ends with the next answer on it, as the answer's head says. */
  endWithAnswers(): void {
    this.#isLast = true;
    for (const response of this.#responses.values()) {
      if (!response.headersSent) response.shouldKeepAlive = false;
    }
  }

  /** Whether nothing of an answer has been sent yet. */
  isUnanswered(connection: Duplex): boolean {
    return this.#responses.get(connection)?.headersSent === false;
  }
}

/**
 * Ends connections one after the other over this time, behind what has been written to them, as a server does before it
 * is ended: but for those on which a request waits, which end with the answer.
 */
export async function letGo(
  open: ReadonlySet<Duplex>,
  requests: OpenRequests,
  forMs: number,
): Promise<void> {
  const untilMs = performance.now() + forMs;
  requests.endWithAnswers();
  const connections = [...open];
  for (const [index, connection] of connections.entries()) {
    const dueMs = untilMs - ((connections.length - index) / connections.length) * forMs;
    await until(dueMs);
    if (!requests.isUnanswered(connection)) end(connection);
  }
  await until(untilMs);
}

async function until(dueMs: number): Promise<void> {
  const leftMs = dueMs - performance.now();
  if (leftMs > 0) await setTimeout(leftMs);
}

function end(connection: Duplex): void {
  if (connection instanceof Socket) connection.destroySoon();
  else connection.destroy();
}
