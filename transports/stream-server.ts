import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { answerFraming, streamOf } from "./answer-framing.ts";
import type { LogOptions } from "./channels.ts";
import type { Feed } from "./feed.ts";
import { codingOf, refusedCoding } from "./content-coding.ts";
import { textBytes } from "./http-chunk.ts";
import { serveHttp } from "./http-service.ts";
import { MessageBodies } from "./message-bodies.ts";
import { refuse } from "./refuse.ts";
import type { Layers } from "./layers.ts";
import type { SlowPolicy } from "./slow-policy.ts";
import { StreamAnswer } from "./stream-answer.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";
import { Upstream } from "./upstream.ts";

/** Node's own, but said here: it stands in the head of every answer to a POST. */
export const upstreamKeepAliveMs = 5_000;

/** How messages are written on an answer as they come. */
export interface StreamFormat {
  /** The method of a request that subscribes; by POST with a body, it asks for an answer that ends. */
  readonly method: "GET" | "POST";
  /** Where the streams are, and what they are, for whoever asks for something else. */
  readonly place: string;
  readonly contentType: string;
  readonly heartbeat: string;
  /** What a request asks for; null where there is no stream. */
  asked(request: IncomingMessage): Asked | null;
  /** The first text of a stream: its messages begin after `cursor`. */
  hello(cursor: number): string;
  message(payload: Buffer, number: number): string;
  /** About so many bytes before the first text, which mean nothing. */
  padding(bytes: number): string;
}

export interface Asked {
  readonly channel: string;
  /** The number of the last message that the client has, as it gave it. */
  readonly after: string | null | undefined;
}

export interface StreamOptions extends LogOptions, SlowPolicy {
  heartbeatMs: number;
}

/**
 * Mounts a transport whose messages are written on one chunked answer for each client, and sent up by POST. Where clients
 * subscribe by POST, too, one with a body is a request of theirs: what is published from then on is its answer, up to
 * `complete`. Then its connection is used for the next.
 */
export function serveStreams(
  listener: Listener,
  handlers: ServerHandlers,
  options: StreamOptions,
  format: StreamFormat,
  layers: Layers,
): TransportServer {
  const { method, place } = format;
  const coding = codingOf(layers);
  // The answer's stream is written to directly: messages are encoded once for all. Where they are compressed, each
  // answer has a history of its own.
  const encode = coding === "identity" ? answerFraming(listener.isHttp2).frameText : textBytes;
  const subscriptions = new Subscriptions(listener, options, (payload, number) =>
    encode(format.message(payload, number)),
  );
  const bodies = new MessageBodies(listener);
  const upstream = new Upstream(listener, handlers, bodies);
  const heartbeat = encode(format.heartbeat);
  listener.http.keepAliveTimeout = upstreamKeepAliveMs;
  let everyMs = options.heartbeatMs;
  let padding = "";

  const beat = (feed: Feed, answer: StreamAnswer): void => {
    // It hasn't read what came before.
    if (feed.isBehind) return;
    answer.writeApart(heartbeat, (bytes) =>
      listener.attribute(answer.carrier, "heartbeats", bytes, 0),
    );
  };

  /** `request` is what an answer is asked for with; null where the client subscribes, or asks for the rest of one. */
  const subscribe = (
    { channel, after }: Asked,
    response: ServerResponse,
    request: Buffer | null,
  ): void => {
    const carrier = streamOf(response);
    const refusal = subscriptions.refused(channel, after);
    if (refusal !== null) return refuse(response, 400, refusal);
    const refusedAs = refusedCoding(response.req, coding);
    if (refusedAs !== null) return refuse(response, 406, refusedAs);
    const isAnswer = method === "POST" && (request !== null || typeof after === "string");
    // Where requests come on the same connection: over HTTP/2, or behind this one.
    const isAmongRequests = listener.isHttp2 || isAnswer;
    const delivered = (bytes: number): void => listener.attributeDelivery(carrier, bytes);
    const answer = new StreamAnswer(response, {
      contentType: format.contentType,
      layers,
      delivered: isAmongRequests ? delivered : () => {},
    });
    const accounts = accountsOf(listener, carrier, request);
    let heartbeats: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearInterval(heartbeats);
      answer.end(accounts.ended);
    };
    if (request !== null) subscriptions.asked(channel);
    const { feed, leave } = subscriptions.add(channel, after, {
      stream: answer.stream,
      greet: (cursor) => answer.greet(encode(padding + format.hello(cursor)), accounts.greeted),
      ...(isAnswer && { end }),
      ...(coding === "identity" &&
        isAmongRequests && {
          wrote: (entry: Buffer) => delivered(answer.wireBytes(entry)),
        }),
    });
    heartbeats = setInterval(beat, everyMs, feed, answer);
    if (response.writableEnded || answer.stream.writableEnded) clearInterval(heartbeats);
    response.once("close", () => {
      clearInterval(heartbeats);
      leave();
      accounts.closed();
    });
    if (request !== null) handlers.message(channel, request);
  };

  serveHttp(listener, {
    request(request, response) {
      if (upstream.take(request, response)) return;
      const asked = format.asked(request);
      if (asked === null) refuse(response, 404, place);
      else if (request.method !== method) {
        refuse(response, 405, `${place}, with ${method}`, { Allow: method });
      } else if (method === "GET") subscribe(asked, response, null);
      else {
        bodies.receive(request, response, (body) =>
          subscribe(asked, response, body.length === 0 ? null : body),
        );
      }
    },
  });

  return {
    publish: (name, payload) => subscriptions.publish(name, payload),
    heartbeats: (set) => void ({ everyMs } = set),
    ...(method === "POST" && { complete: (name) => subscriptions.complete(name) }),
    padding: (bytes) => void (padding = bytes === 0 ? "" : format.padding(bytes)),
    room: (name) => subscriptions.room(name),
    async [Symbol.asyncDispose]() {
      subscriptions[Symbol.dispose]();
    },
  };
}

/** What the bytes of an answer are for, besides its messages. */
interface Accounts {
  /** Its first text is on its way. */
  readonly greeted: () => void;
  /** Its end is. */
  readonly ended: () => void;
  /** It is over, in order or not. */
  readonly closed: () => void;
}

/**
 * Without a request, they are for a client's set-up. A request and what answers it besides messages are one message up,
 * and go together when that is over.
 */
function accountsOf(listener: Listener, carrier: Duplex, request: Buffer | null): Accounts {
  if (request === null) {
    const setUp = (): void => listener.attributeRest(carrier, "setUp");
    return { greeted: setUp, ended: setUp, closed: () => {} };
  }
  let isOver = false;
  const over = (): void => {
    if (!isOver) listener.attributeRest(carrier, "upstream", { down: 0, up: request.length });
    isOver = true;
  };
  return { greeted: () => {}, ended: over, closed: over };
}
