import { TextDecoderStream } from "node:stream/web";
import { StringDecoder } from "node:string_decoder";
import { codingOf } from "./content-coding.ts";
import { HttpClient, fetchFailure, loadHttpClient, unbounded } from "./http-client.ts";
import type { StreamReader } from "./http-client.ts";
import type { Layers } from "./layers.ts";
import { LineSubscription } from "./line-subscription.ts";
import { endedByServer } from "./protocol-error.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** The option of the transport that clients have to know. */
interface Options {
  readonly method: StreamMethod;
}

/** How a stream is asked for, as it is written in options. */
export const streamMethods = { get: "GET", post: "POST" } as const;

export type StreamMethod = keyof typeof streamMethods;

/** Nothing more is asked on the connection of an answer that has ended. */
const keepAlive = { keepAliveMs: 60_000 };

/** The request that subscribes. */
function questionOf({ channel, after }: Target, { method }: Options) {
  const path = `/stream/${channel}${after === undefined ? "" : `?after=${after}`}`;
  return { method: streamMethods[method], path };
}

/** The default client: each piece of the answer as `undici` hands it over. */
export async function connectLines(
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
): Promise<Connection> {
  await loadHttpClient(target.http2 !== undefined);
  const coding = codingOf(layers);
  const subscription = new LineSubscription(target, handlers, coding);
  const client = new HttpClient(target, keepAlive, unbounded, handlers);
  const decoder = new StringDecoder("utf8");
  const reader: StreamReader = {
    head(status, header) {
      if (status < 200) return subscription.interim(status);
      const refusal = subscription.refusalOf(status, header);
      if (refusal !== null) subscription.fail(refusal);
    },
    data: (chunk) => subscription.received(decoder.write(chunk)),
    ended: (error) => subscription.fail(error),
  };
  client.stream(questionOf(target, options), reader, coding);
  return subscription.connected(() => client.close());
}

/** `fetch` and its stream of decoded text, as in a browser. */
export async function connectFetch(
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
): Promise<Connection> {
  await loadHttpClient();
  const coding = codingOf(layers);
  const { fetch } = await import("./undici-web.ts");
  const subscription = new LineSubscription(target, handlers, coding);
  const client = new HttpClient(target, keepAlive, unbounded, handlers);
  let hasHead = false;
  const read = async (): Promise<void> => {
    const { method, path } = questionOf(target, options);
    const response = await fetch(new URL(path, target.url), {
      method,
      // Where it leads is not what is to be measured.
      redirect: "manual",
      dispatcher: client.dispatcher,
      // By itself it would ask for any, and what is compressed can't be held against what isn't.
      headers: { "Accept-Encoding": coding },
    });
    hasHead = true;
    const { status, headers, body } = response;
    const refusal = subscription.refusalOf(status, (name) => headers.get(name) ?? undefined);
    if (refusal !== null) return subscription.fail(refusal);
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      subscription.received(text);
    }
    subscription.fail(new Error(endedByServer));
  };
  void read().catch((error: unknown) => subscription.fail(fetchFailure(error, hasHead)));
  return subscription.connected(() => client.close());
}
