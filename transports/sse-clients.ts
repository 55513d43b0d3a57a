import { request as httpRequest } from "node:http";
import { EventSource } from "eventsource";
import type { RequestInit, Response } from "undici";
import { EventReader, endlessEvent, readerOf } from "./sse-parser.ts";
import { EventSubscription } from "./sse-subscription.ts";
import { codingOf, plainStream } from "./content-coding.ts";
import type { Coding } from "./content-coding.ts";
import { connectAsking, connectAskingFetch } from "./asking-clients.ts";
import type { AskedFormat } from "./asking-clients.ts";
import { chunksOf, fetchStream } from "./fetch-stream.ts";
import type { Question } from "./http2-requests.ts";
import { streamMethods } from "./stream-methods.ts";
import type { StreamMethod } from "./stream-methods.ts";
import { isHttp2 } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { HttpClient, fetchFailure, loadHttpClient, unbounded, upstreamFor } from "./http-client.ts";
import { asError, endedByServer, normalizedError, unexpectedUpgrade } from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** The option of the transport that clients have to know. */
interface Options {
  readonly method: StreamMethod;
}

/**
 * The default client: `eventsource-parser` on the answer of `node:http`, or of `node:http2`; on those to its requests, by
 * what can keep their connection.
 */
export function connectParser(
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
): Promise<Connection> {
  if (target.asks === true) return connectAsking(target, handlers, layers, asked(options));
  const method = streamMethods[options.method];
  return isHttp2(layers)
    ? parseHttp2(target, handlers, method, codingOf(layers))
    : parseHttp(target, handlers, method, layers);
}

async function parseHttp2(
  target: Target,
  handlers: ClientHandlers,
  method: Question["method"],
  coding: Coding,
): Promise<Connection> {
  await loadHttpClient(true);
  const { subscription, data } = answerOf(target, handlers, coding);
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  client.stream(
    questionOf(target, method),
    {
      head: (status, header) => subscription.begin(status, header),
      data,
      ended: (error) => subscription.fail(error),
    },
    coding,
  );
  return subscription.connected(() => client.close());
}

/** What is read of one answer. */
function answerOf(
  target: Target,
  handlers: ClientHandlers,
  coding: Coding,
): { readonly subscription: EventSubscription; readonly data: (chunk: Buffer) => void } {
  const subscription = new EventSubscription(target, handlers, coding);
  const reader = new EventReader((event) => subscription.take(event));
  return {
    subscription,
    data(chunk) {
      subscription.received(chunk);
      if (!reader.feed(chunk)) subscription.fail(endlessEvent());
    },
  };
}

/** The same of each answer to a request. */
function asked({ method }: Options): AskedFormat<Buffer> {
  return {
    question: (target) => questionOf(target, streamMethods[method]),
    answer: answerOf,
  };
}

function questionOf(target: Target, method: Question["method"]): Question {
  return { method, path: `/sse/${target.channel}`, headers: headersOf(target) };
}

/** What a request for events carries besides what it must. */
function headersOf({ after }: Target): Record<string, string> {
  return {
    Accept: "text/event-stream",
    ...(after !== undefined && { "Last-Event-ID": String(after) }),
  };
}

async function parseHttp(
  target: Target,
  handlers: ClientHandlers,
  method: Question["method"],
  layers: Layers,
): Promise<Connection> {
  // For what it sends up.
  await loadHttpClient();
  const coding = codingOf(layers);
  const subscription = new EventSubscription(target, handlers, coding, upstreamFor(layers));
  const request = httpRequest({
    method,
    path: `/sse/${target.channel}`,
    headers: {
      Host: target.url.host,
      ...headersOf(target),
      ...(coding !== "identity" && { "Accept-Encoding": coding }),
    },
    createConnection: () => target.dial(),
  });
  const reader = new EventReader((event) => subscription.take(event));
  let isDecompressing = false;
  request.on("response", (response) => {
    const failed = (error: Error): void => subscription.fail(normalizedError(error));
    response.on("error", failed);
    const { statusCode = 0, headers } = response;
    const refusal = subscription.refusalOf(statusCode, (name) => headers[name]?.toString());
    if (refusal !== null) return subscription.fail(refusal);
    isDecompressing = coding !== "identity";
    const stream = plainStream(response, coding, failed);
    stream.on("end", () => subscription.fail(new Error(endedByServer)));
    stream.on("data", (chunk: Buffer) => {
      subscription.received(chunk);
      if (!reader.feed(chunk)) subscription.fail(endlessEvent());
    });
  });
  request.on("information", ({ statusCode }) => subscription.interim(statusCode));
  request.on("upgrade", (_response, socket) => {
    socket.destroy();
    subscription.fail(unexpectedUpgrade());
  });
  request.on("error", (error) => subscription.fail(normalizedError(error)));
  // Where an answer is compressed, its last events may still be on their way through the decompressor.
  request.on("close", () => {
    if (!isDecompressing) subscription.fail(new Error(endedByServer));
  });
  request.end();
  return subscription.connected(async () => {
    request.destroy();
  });
}

/** The `eventsource` package, as an application would use it; only its reconnecting is stopped where that isn't asked for. */
export async function connectEventSource(
  target: Target,
  handlers: ClientHandlers,
  _options: object,
  layers: Layers,
): Promise<Connection> {
  await loadHttpClient();
  const coding = codingOf(layers);
  const subscription = new EventSubscription(target, handlers, coding);
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  // The package passes on an error's message only.
  let failure: Error | undefined;
  const failing = (error: unknown): never => {
    failure = asError(error);
    throw failure;
  };
  const source = new EventSource(new URL(`/sse/${target.channel}`, target.url), {
    fetch: async (_url, init) => {
      const opened = fetchEvents(target, client, subscription, init, coding);
      const response = await opened.catch(failing);
      const { status, redirected, headers, body } = response;
      const failed = (error: unknown): never => failing(fetchFailure(error, true));
      const reader = readerOf(body, (chunk) => subscription.received(chunk), failed);
      return { url: response.url, status, redirected, headers, body: { getReader: () => reader } };
    },
  });
  source.addEventListener("hello", (event) => subscription.hello(event.data));
  source.addEventListener("message", (event) =>
    subscription.message(event.lastEventId, event.data),
  );
  source.addEventListener("error", (event) => {
    // One that the server has sent, of that name.
    if ("data" in event) return;
    const goesOn = target.ownReturn !== undefined && source.readyState === source.CONNECTING;
    if (goesOn && !subscription.isConnecting) return subscription.lost();
    source.close();
    subscription.fail(failure ?? new Error(event.message ?? endedByServer));
  });
  return subscription.connected(async () => {
    source.close();
    await client.close();
  });
}

/** `fetch`, whose body is read and parsed as it arrives. */
export async function connectFetch(
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
): Promise<Connection> {
  if (target.asks === true) {
    return connectAskingFetch(target, handlers, layers, asked(options), chunksOf);
  }
  await loadHttpClient();
  const coding = codingOf(layers);
  const { subscription, data } = answerOf(target, handlers, coding);
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  const reader = {
    head: (status: number, header: Header) => subscription.begin(status, header),
    data,
    ended: (error: Error) => subscription.fail(error),
  };
  const question = questionOf(target, streamMethods[options.method]);
  void fetchStream(target, client, question, reader, chunksOf, coding);
  return subscription.connected(() => client.close());
}

/** Opens an event stream with `fetch`; throws the reason why that is impossible. */
async function fetchEvents(
  target: Target,
  { dispatcher }: HttpClient,
  subscription: EventSubscription,
  init: Omit<RequestInit, "headers"> & { readonly headers: Readonly<Record<string, string>> },
  coding: Coding,
): Promise<Response> {
  const { fetch } = await import("./undici-web.ts");
  const response = await fetch(new URL(`/sse/${target.channel}`, target.url), {
    ...init,
    // Where it leads is not what is to be measured.
    redirect: "manual",
    dispatcher,
    headers: { ...init.headers, ...askedHeaders(target, coding) },
  }).catch((error: unknown) => {
    throw fetchFailure(error, false);
  });
  const refusal = subscription.refusalOf(
    response.status,
    (name) => response.headers.get(name) ?? undefined,
  );
  if (refusal !== null) throw refusal;
  return response;
}

/** What the harness has a library ask for beyond its own headers; their names are in small letters. */
export function askedHeaders(
  { after }: Target,
  coding: Coding = "identity",
): Record<string, string> {
  return {
    // By itself it would ask for any, and what is compressed can't be held against what isn't.
    "accept-encoding": coding,
    ...(after !== undefined && { "last-event-id": String(after) }),
  };
}
