import type { IncomingMessage, ServerResponse } from "node:http";
import { channelPattern } from "./channels.ts";
import { GrowingBuffer } from "./growing-buffer.ts";
import { isHttp2Stream, streamOf } from "./answer-framing.ts";
import { linger } from "./linger.ts";
import { refuse } from "./refuse.ts";
import { maxMessageBytes } from "./transport.ts";
import type { AnswerReader, RequestHead } from "./classify.ts";
import type { Listener, ServerHandlers } from "./transport.ts";
import { PartialMessages } from "./partial-messages.ts";

const route = new RegExp(`^/send/(${channelPattern})$`);

/** Tells a relay that a request sends a message up; null where it is for something else. */
export function classifyUpstream({ method, path }: RequestHead): AnswerReader | null {
  const isUpstream = method === "POST" && route.test(path);
  return isUpstream ? { body: () => {}, purpose: () => "upstream" } : null;
}

/** The same for every POST: for servers that are published to by one. */
export function classifyPosts({ method }: RequestHead): AnswerReader | null {
  return method === "POST" ? { body: () => {}, purpose: () => "upstream" } : null;
}

/** The upstream of the transports that have none of their own: `POST /send/:channel`. */
export class Upstream {
  readonly #listener: Listener;
  readonly #handlers: ServerHandlers;
  readonly #partialMessages = new PartialMessages();
  readonly #maxBytes: number;
  /** Whether a message that says of itself that it is too large is refused before it comes. */
  readonly #readsLength: boolean;

  constructor(listener: Listener, handlers: ServerHandlers) {
    this.#listener = listener;
    this.#handlers = handlers;
    const { payloadBytes } = listener.guards;
    this.#readsLength = payloadBytes !== undefined;
    this.#maxBytes = payloadBytes ?? maxMessageBytes;
  }

  /**
   * Answers 204 when the message is taken, 413 when it is larger than the server takes. False when the request is not
   * one of these.
   */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const channel = route.exec(request.url ?? "")?.[1];
    if (channel === undefined) return false;
    if (request.method === "POST") this.#receive(channel, request, response);
    else refuse(response, 405, "messages are sent up with POST", { Allow: "POST" });
    return true;
  }

  #receive(channel: string, request: IncomingMessage, response: ServerResponse): void {
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
      if (response.headersSent) return;
      this.#handlers.message(channel, body.all());
      response.writeHead(204).end();
      this.#listener.attributeRest(stream, "upstream", { down: 0, up: body.length });
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
