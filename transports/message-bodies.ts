import type { IncomingMessage, ServerResponse } from "node:http";
import { isHttp2Stream, streamOf } from "./answer-framing.ts";
import { GrowingBuffer } from "./growing-buffer.ts";
import { linger } from "./linger.ts";
import { PartialMessages } from "./partial-messages.ts";
import { refuse } from "./refuse.ts";
import { maxMessageBytes } from "./transport.ts";
import type { Listener } from "./transport.ts";

/** Reads the messages of a server's clients that are the bodies of requests, up to the longest that it takes. */
export class MessageBodies {
  readonly #partialMessages = new PartialMessages();
  readonly #maxBytes: number;
  /** Whether a message that says of itself that it is too large is refused before it comes. */
  readonly #readsLength: boolean;

  constructor({ guards: { payloadBytes } }: Listener) {
    this.#readsLength = payloadBytes !== undefined;
    this.#maxBytes = payloadBytes ?? maxMessageBytes;
  }

  /** Calls `whole` when the body is there; one that is larger than the server takes is answered with 413 instead. */
  receive(request: IncomingMessage, response: ServerResponse, whole: (body: Buffer) => void): void {
    const stream = streamOf(response);
    const body = new GrowingBuffer(this.#maxBytes);
    if (this.#readsLength && Number(request.headers["content-length"]) > this.#maxBytes) {
      this.#refuse(request, response);
    }
    request.on("data", (chunk: Buffer) => {
      if (response.headersSent) return;
      if (body.length + chunk.length > this.#maxBytes) return this.#refuse(request, response);
      body.add(chunk);
      this.#partialMessages.track(stream, body.length);
    });
    request.on("end", () => {
      this.#partialMessages.track(stream, 0);
      if (!response.headersSent) whole(body.all());
    });
  }

  /** The rest of it is not read: the connection, or stream of HTTP/2, can't be used again. */
  #refuse(request: IncomingMessage, response: ServerResponse): void {
    const stream = streamOf(response);
    const reason = `a message has at most ${this.#maxBytes} bytes`;
    if (isHttp2Stream(stream)) {
      response.once("finish", () => stream.close());
      return refuse(response, 413, reason);
    }
    linger(request.socket);
    refuse(response, 413, reason, { Connection: "close" });
  }
}
