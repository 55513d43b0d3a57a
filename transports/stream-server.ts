import type { IncomingMessage, ServerResponse } from "node:http";
import { answerFraming, streamOf } from "./answer-framing.ts";
import type { LogOptions } from "./channels.ts";
import type { Feed } from "./feed.ts";
import { refuse, serveHttp } from "./http-service.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";
import { Upstream } from "./upstream.ts";

/** Node's own, but said here: it stands in the head of every answer to a POST. */
export const upstreamKeepAliveMs = 5_000;

/** How messages are written on an answer that stays open. */
export interface StreamFormat {
  /** The method of a request that subscribes. */
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
}

export interface Asked {
  readonly channel: string;
  /** The number of the last message that the client has, as it gave it. */
  readonly after: string | null | undefined;
}

export interface StreamOptions extends LogOptions {
  heartbeatMs: number;
}

/** Mounts a transport whose messages are written on one chunked answer for each client, and sent up by POST. */
export function serveStreams(
  listener: Listener,
  handlers: ServerHandlers,
  options: StreamOptions,
  format: StreamFormat,
): TransportServer {
  const framing = answerFraming(listener.isHttp2);
  // The answer's stream is written to directly: messages are encoded once, for all.
  const subscriptions = new Subscriptions(options, (payload, number) =>
    framing.frame(format.message(payload, number)),
  );
  const upstream = new Upstream(listener, handlers);
  const heartbeat = framing.frame(format.heartbeat);
  listener.http.keepAliveTimeout = upstreamKeepAliveMs;

  const beat = (feed: Feed): void => {
    // It hasn't read what came before.
    if (feed.isBehind) return;
    feed.stream.write(heartbeat);
    listener.attribute(feed.stream, "heartbeats", framing.wireBytes(heartbeat), 0);
  };

  const subscribe = ({ channel, after }: Asked, response: ServerResponse): void => {
    const stream = streamOf(response);
    const refusal = subscriptions.refused(channel, after);
    if (refusal !== null) return refuse(response, 400, refusal);
    response.writeHead(200, {
      "Content-Type": format.contentType,
      "Cache-Control": "no-store",
      ...framing.headers,
    });
    response.flushHeaders();
    const { feed, leave } = subscriptions.add(channel, after, {
      stream,
      greet(cursor) {
        stream.write(framing.frame(format.hello(cursor)));
        listener.attributeRest(stream, "setUp");
      },
      // Requests come on the same connection.
      ...(listener.isHttp2 && {
        wrote: (entry: Buffer) => listener.attributeDelivery(stream, framing.wireBytes(entry)),
      }),
    });
    const heartbeats = setInterval(beat, options.heartbeatMs, feed);
    response.once("close", () => {
      clearInterval(heartbeats);
      leave();
    });
  };

  const { method, place } = format;
  serveHttp(listener, {
    request(request, response) {
      if (upstream.take(request, response)) return;
      const asked = format.asked(request);
      if (asked === null) refuse(response, 404, place);
      else if (request.method === method) subscribe(asked, response);
      else refuse(response, 405, `${place}, with ${method}`, { Allow: method });
    },
  });

  return {
    publish: (name, payload) => subscriptions.publish(name, payload),
    async [Symbol.asyncDispose]() {
      subscriptions[Symbol.dispose]();
    },
  };
}
