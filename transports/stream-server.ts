import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { answerFraming, framingFor, streamOf } from "./answer-framing.ts";
import type { WireMeter } from "./answer-framing.ts";
import type { LogOptions } from "./channels.ts";
import type { Feed } from "./feed.ts";
import { CompressedStream } from "./compressed-stream.ts";
import { codingOf, compressorOf, flushOf, refusedCoding } from "./content-coding.ts";
import { contentOf } from "./http-chunk.ts";
import { serveHttp } from "./http-service.ts";
import { refuse } from "./refuse.ts";
import type { Layers } from "./layers.ts";
import type { SlowPolicy } from "./slow-policy.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";
import { UnframedStream } from "./unframed-stream.ts";
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

/** Mounts a transport whose messages are written on one chunked answer for each client, and sent up by POST. */
export function serveStreams(
  listener: Listener,
  handlers: ServerHandlers,
  options: StreamOptions,
  format: StreamFormat,
  layers: Layers,
): TransportServer {
  const coding = codingOf(layers);
  const shared = answerFraming(listener.isHttp2);
  // The answer's stream is written to directly: messages are encoded once for all. Where they are compressed, each
  // answer has a history of its own.
  const encode = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    return coding === "identity" ? shared.frame([bytes]) : bytes;
  };
  const subscriptions = new Subscriptions(listener, options, (payload, number) =>
    encode(format.message(payload, number)),
  );
  const upstream = new Upstream(listener, handlers);
  const heartbeat = encode(format.heartbeat);
  listener.http.keepAliveTimeout = upstreamKeepAliveMs;
  let everyMs = options.heartbeatMs;
  let padding = "";

  const beat = (feed: Feed, carrier: Duplex, wireBytes: WireMeter): void => {
    // It hasn't read what came before.
    if (feed.isBehind) return;
    const { stream } = feed;
    const written = (bytes: number): void => listener.attribute(carrier, "heartbeats", bytes, 0);
    if (stream instanceof CompressedStream) return stream.writeApart(heartbeat, written);
    const isUnframed = stream instanceof UnframedStream;
    const bytes = isUnframed ? contentOf(heartbeat).length : wireBytes(heartbeat);
    stream.write(heartbeat);
    written(bytes);
  };

  const subscribe = ({ channel, after }: Asked, response: ServerResponse): void => {
    const carrier = streamOf(response);
    const refusal = subscriptions.refused(channel, after);
    if (refusal !== null) return refuse(response, 400, refusal);
    const refusedAs = refusedCoding(response.req, coding);
    if (refusedAs !== null) return refuse(response, 406, refusedAs);
    const compressor = compressorOf(layers);
    const framing = framingFor(response.req);
    const wireBytes = framing.meter(carrier);
    response.writeHead(200, {
      "Content-Type": format.contentType,
      "Cache-Control": "no-store",
      ...(compressor !== null && { "Content-Encoding": coding }),
      ...framing.headers,
    });
    response.flushHeaders();
    // Over HTTP/2, requests come on the same connection.
    const delivered = listener.isHttp2
      ? (bytes: number): void => listener.attributeDelivery(carrier, bytes)
      : undefined;
    const stream =
      compressor === null
        ? framing === shared
          ? carrier
          : new UnframedStream(carrier)
        : new CompressedStream(carrier, {
            compressor,
            flush: flushOf(coding),
            frame: framing.frame,
            wireBytes,
            delivered: delivered ?? (() => {}),
          });
    const { feed, leave } = subscriptions.add(channel, after, {
      stream,
      greet(cursor) {
        const hello = encode(padding + format.hello(cursor));
        const setUp = (): void => listener.attributeRest(carrier, "setUp");
        if (stream instanceof CompressedStream) return stream.writeApart(hello, setUp);
        stream.write(hello);
        setUp();
      },
      ...(compressor === null &&
        delivered !== undefined && {
          wrote: (entry: Buffer) => delivered(wireBytes(entry)),
        }),
    });
    const heartbeats = setInterval(beat, everyMs, feed, carrier, wireBytes);
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
    heartbeats: (set) => void ({ everyMs } = set),
    padding: (bytes) => void (padding = bytes === 0 ? "" : format.padding(bytes)),
    room: (name) => subscriptions.room(name),
    async [Symbol.asyncDispose]() {
      subscriptions[Symbol.dispose]();
    },
  };
}
