import { request as httpRequest } from "node:http";
import { EventSource } from "eventsource";
import { EventReader, endlessEvent, readerOf } from "./sse-parser.ts";
import { EventSubscription } from "./sse-subscription.ts";
import { HttpClient, fetchFailure, loadHttpClient, unbounded } from "./http-client.ts";
import { endedByServer, normalizedError, unexpectedUpgrade } from "./protocol-error.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** The default client: `eventsource-parser` on the answer of `node:http`, or of `node:http2`. */
export function connectParser(target: Target, handlers: ClientHandlers): Promise<Connection> {
  return (target.http2 === undefined ? parseHttp : parseHttp2)(target, handlers);
}

async function parseHttp2(target: Target, handlers: ClientHandlers): Promise<Connection> {
  await loadHttpClient(true);
  const subscription = new EventSubscription(target, handlers);
  const reader = new EventReader((event) => subscription.take(event));
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  client.stream(
    { method: "GET", path: `/sse/${target.channel}`, headers: headersOf(target) },
    {
      head(status, header) {
        if (status < 200) return subscription.interim(status);
        const refusal = subscription.refusalOf(status, header);
        if (refusal !== null) subscription.fail(refusal);
      },
      data(chunk) {
        subscription.received(chunk);
        if (!reader.feed(chunk)) subscription.fail(endlessEvent());
      },
      ended: (error) => subscription.fail(error),
    },
  );
  return subscription.connected(() => client.close());
}

/** What a request for events carries besides what it must. */
function headersOf({ after }: Target): Record<string, string> {
  return {
    Accept: "text/event-stream",
    ...(after !== undefined && { "Last-Event-ID": String(after) }),
  };
}

async function parseHttp(target: Target, handlers: ClientHandlers): Promise<Connection> {
  // For what it sends up.
  await loadHttpClient();
  const subscription = new EventSubscription(target, handlers);
  const request = httpRequest({
    path: `/sse/${target.channel}`,
    headers: {
      Host: target.url.host,
      ...headersOf(target),
    },
    createConnection: () => target.dial(),
  });
  const reader = new EventReader((event) => subscription.take(event));
  request.on("response", (response) => {
    response.on("error", (error) => subscription.fail(normalizedError(error)));
    response.on("end", () => subscription.fail(new Error(endedByServer)));
    const { statusCode = 0, headers } = response;
    const refusal = subscription.refusalOf(statusCode, (name) => headers[name]?.toString());
    if (refusal !== null) return subscription.fail(refusal);
    response.on("data", (chunk: Buffer) => {
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
  request.on("close", () => subscription.fail(new Error(endedByServer)));
  request.end();
  return subscription.connected(async () => {
    request.destroy();
  });
}

/** The `eventsource` package, as an application would use it; only its reconnecting is stopped. */
export async function connectEventSource(
  target: Target,
  handlers: ClientHandlers,
): Promise<Connection> {
  await loadHttpClient();
  const { fetch } = await import("./undici-fetch.ts");
  const subscription = new EventSubscription(target, handlers);
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  // The package passes on an error's message only.
  let failure: Error | undefined;
  const failing = (error: unknown, hasHead: boolean): never => {
    failure = fetchFailure(error, hasHead);
    throw failure;
  };
  const openEvents: typeof fetch = async (url, init) => {
    const response = await fetch(url, init).catch((error: unknown) => failing(error, false));
    const { headers, status } = response;
    const refusal = subscription.refusalOf(status, (name) => headers.get(name) ?? undefined);
    return refusal === null ? response : failing(refusal, true);
  };
  const source = new EventSource(new URL(`/sse/${target.channel}`, target.url), {
    fetch: async (url, init) => {
      const response = await openEvents(url, {
        ...init,
        // Where it leads is not what is to be measured.
        redirect: "manual",
        dispatcher: client.dispatcher,
        headers: {
          ...init.headers,
          // As all clients here have it: what is compressed can't be held against what isn't.
          "Accept-Encoding": "identity",
          ...(target.after !== undefined && { "Last-Event-ID": String(target.after) }),
        },
      });
      const { status, redirected, headers, body } = response;
      const failed = (error: unknown): never => failing(error, true);
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
    source.close();
    subscription.fail(failure ?? new Error(event.message ?? endedByServer));
  });
  return subscription.connected(async () => {
    source.close();
    await client.close();
  });
}
