import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createClient as createEventClient } from "graphql-sse";
import { createClient as createWebSocketClient } from "graphql-ws";
import { defineTransport, post } from "transport-bench/transport";
import type {
  AnswerReader,
  ClientHandlers,
  Connect,
  Connection,
  Publish,
  RequestHead,
  Target,
} from "transport-bench/transport";
import { Agent, fetch } from "undici";
import { WebSocket } from "ws";

// The two ways in which clients of GraphQL subscribe: by WebSocket, with graphql-ws, and by server-sent events, with
// graphql-sse. graphql-server.js is measured as it is. In a folder of your own:
// npm install graphql graphql-http graphql-sse graphql-ws undici ws

const publish: Publish<object> = (target, channel, payload) => {
  const query =
    "mutation ($channel: String!, $text: String!) { publish(channel: $channel, text: $text) }";
  const body = JSON.stringify({ query, variables: { channel, text: payload.toString() } });
  return post(target, "/graphql", Buffer.from(body), { "Content-Type": "application/json" });
};

interface Data {
  readonly messages: string | null;
}

/** What both libraries give results to. */
interface Sink {
  next(result: {
    readonly data?: Data | null | undefined;
    readonly errors?: readonly object[] | undefined;
  }): void;
  error(error: unknown): void;
  complete(): void;
}

/** Has a library of GraphQL subscribe. The first result, which has no message, says that the server has done so. */
function subscribed(
  { channel }: Target,
  handlers: ClientHandlers,
  subscribe: (sink: Sink, request: { query: string; variables: { channel: string } }) => void,
  end: () => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let isSubscribed = false;
    let hasEnded = false;
    const ended = (reason: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      if (isSubscribed) handlers.closed(reason);
      else reject(new Error(reason));
    };
    const connection = {
      cursor: 0,
      send() {},
      async [Symbol.asyncDispose]() {
        hasEnded = true;
        end();
      },
    };
    const sink: Sink = {
      next({ data, errors }) {
        if (typeof data?.messages === "string") return handlers.message(data.messages);
        if (errors !== undefined) return ended(JSON.stringify(errors));
        isSubscribed = true;
        resolve(connection);
      },
      error: (error) => ended(error instanceof Error ? error.message : JSON.stringify(error)),
      complete: () => ended("the server has completed the subscription"),
    };
    const query = "subscription ($channel: String!) { messages(channel: $channel) }";
    subscribe(sink, { query, variables: { channel } });
  });
}

const connectWebSocket: Connect<object> = (target, handlers) => {
  let stream: Duplex | undefined;
  const client = createWebSocketClient({
    url: new URL("/graphql", target.url).href.replace("http", "ws"),
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocol: string) {
        const createConnection = (): Duplex => (stream = target.dial());
        super(url, protocol, { createConnection, perMessageDeflate: false });
      }
    },
    retryAttempts: 0,
  });
  return subscribed(
    target,
    handlers,
    (sink, request) => void client.subscribe<Data>(request, sink),
    () => stream?.destroy(),
  );
};

/** `singleConnection`: one stream for all that a client subscribes to, which it does by requests of their own. */
function connectEvents(singleConnection: boolean): Connect<object> {
  return (target, handlers) => {
    const dispatcher = new Agent({
      connect(_options, connected) {
        const stream = target.dial();
        // To undici every stream is a socket.
        if (!(stream instanceof Socket)) throw new TypeError("expected a socket");
        stream.once("connect", () => connected(null, stream));
        stream.once("error", (error) => connected(error, null));
      },
    });
    const client = createEventClient({
      url: new URL("/graphql/stream", target.url).href,
      fetchFn: (url: string, init: object) => fetch(url, { ...init, dispatcher }),
      singleConnection,
      retryAttempts: 0,
    });
    return subscribed(
      target,
      handlers,
      (sink, request) => void client.subscribe<Data>(request, sink),
      () => {
        client.dispose();
        void dispatcher.destroy();
      },
    );
  };
}

/** What a relay counts an exchange as: null for a stream of deliveries, of which the other requests are set up. */
function classify({ path, header }: RequestHead): AnswerReader | null {
  if (path === "/graphql") return { body() {}, purpose: () => "upstream" };
  const isStream = header("accept") === "text/event-stream";
  return isStream ? null : { body() {}, purpose: () => "setUp" };
}

export default [
  defineTransport({
    name: "graphql-ws",
    title: "GraphQL over WebSocket",
    delivery: "push",
    publish,
    clients: { default: connectWebSocket },
  }),
  defineTransport({
    name: "graphql-sse",
    title: "GraphQL over SSE",
    delivery: "push",
    publish,
    classify,
    clients: { default: connectEvents(false), single: connectEvents(true) },
  }),
];
