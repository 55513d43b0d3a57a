import type { IncomingMessage, ServerResponse } from "node:http";
import { channelPattern } from "./channels.ts";
import { streamOf } from "./answer-framing.ts";
import { MessageBodies } from "./message-bodies.ts";
import { refuse } from "./refuse.ts";
import type { AnswerReader, RequestHead } from "./classify.ts";
import type { Listener, ServerHandlers } from "./transport.ts";

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
  readonly #bodies: MessageBodies;

  /** `bodies` is given where the server reads messages by other requests, too. */
  constructor(
    listener: Listener,
    handlers: ServerHandlers,
    bodies: MessageBodies = new MessageBodies(listener),
  ) {
    this.#listener = listener;
    this.#handlers = handlers;
    this.#bodies = bodies;
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
    this.#bodies.receive(request, response, (body) => {
      this.#handlers.message(channel, body);
      response.writeHead(204).end();
      this.#listener.attributeRest(streamOf(response), "upstream", { down: 0, up: body.length });
    });
  }
}
