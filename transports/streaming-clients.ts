import { StringDecoder } from "node:string_decoder";
import { connectAsking, connectAskingFetch } from "./asking-clients.ts";
import type { AskedFormat } from "./asking-clients.ts";
import { codingOf } from "./content-coding.ts";
import type { Coding } from "./content-coding.ts";
import { fetchStream, textsOf } from "./fetch-stream.ts";
import { HttpClient, loadHttpClient, unbounded, upstreamFor, upstreamKept } from "./http-client.ts";
import type { KeepAlive, StreamReader } from "./http-client.ts";
import type { Question } from "./http2-requests.ts";
import type { Layers } from "./layers.ts";
import { LineSubscription } from "./line-subscription.ts";
import { streamMethods } from "./stream-methods.ts";
import type { StreamMethod } from "./stream-methods.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** The option of the transport that clients have to know. */
interface Options {
  readonly method: StreamMethod;
}

/** Nothing more is asked on the connection of an answer that has ended. */
const keepAlive = { keepAliveMs: 60_000 };

/** The request that subscribes, or asks. */
function questionOf({ channel, after }: Target, { method }: Options): Question {
  const path = `/stream/${channel}${after === undefined ? "" : `?after=${after}`}`;
  return { method: streamMethods[method], path };
}

/** What is read of one answer, in pieces that `decoded` makes text of. */
function answerOf<Piece>(
  target: Target,
  handlers: ClientHandlers,
  coding: Coding,
  decoded: (piece: Piece) => string,
  keepAlive: KeepAlive = upstreamKept,
): { subscription: LineSubscription; data: (piece: Piece) => void } {
  const subscription = new LineSubscription(target, handlers, coding, keepAlive);
  return { subscription, data: (piece) => subscription.received(decoded(piece)) };
}

function decodedOf(): (chunk: Buffer) => string {
  const decoder = new StringDecoder("utf8");
  return (chunk) => decoder.write(chunk);
}

/** The same of each answer to a request. */
function asked<Piece>(
  options: Options,
  decoding: () => (piece: Piece) => string,
): AskedFormat<Piece> {
  return {
    question: (target) => questionOf(target, options),
    answer: (target, handlers, coding) => answerOf(target, handlers, coding, decoding()),
  };
}

function readerOf<Piece>({
  subscription,
  data,
}: ReturnType<typeof answerOf<Piece>>): StreamReader<Piece> {
  return {
    head: (status, header) => subscription.begin(status, header),
    data,
    ended: (error) => subscription.fail(error),
  };
}

/** The default client: each piece of the answer as `undici` hands it over. */
export async function connectLines(
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
): Promise<Connection> {
  if (target.asks === true) {
    return connectAsking(target, handlers, layers, asked(options, decodedOf));
  }
  await loadHttpClient(target.http2 !== undefined);
  const coding = codingOf(layers);
  const answer = answerOf(target, handlers, coding, decodedOf(), upstreamFor(layers));
  const client = new HttpClient(target, keepAlive, unbounded, handlers);
  client.stream(questionOf(target, options), readerOf(answer), coding);
  return answer.subscription.connected(() => client.close());
}

/** `fetch` and its stream of decoded text, as in a browser. */
export async function connectFetch(
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
): Promise<Connection> {
  const asIs = (text: string): string => text;
  if (target.asks === true) {
    return connectAskingFetch(
      target,
      handlers,
      layers,
      asked(options, () => asIs),
      textsOf,
    );
  }
  await loadHttpClient();
  const coding = codingOf(layers);
  const answer = answerOf(target, handlers, coding, asIs);
  const client = new HttpClient(target, keepAlive, unbounded, handlers);
  void fetchStream(target, client, questionOf(target, options), readerOf(answer), textsOf, coding);
  return answer.subscription.connected(() => client.close());
}
