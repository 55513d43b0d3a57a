import { createParser } from "eventsource-parser";
import { defineTransport, duration, post, z } from "transport-bench/transport";
import type { Connect, Publish } from "transport-bench/transport";
import { WebSocket } from "ws";
import { LongPolls, classifyPoll } from "./nchan-long-polling.ts";
import { cursorOf, get, secondsAndTag } from "./nchan-requests.ts";

// Three of the ways in which nginx with nchan (https://nchan.io) delivers messages. It is measured as it is: nchan.conf
// has the locations, and nchan.sh starts it. In a folder of your own: npm install eventsource-parser ws

const publish: Publish<object> = (target, channel, payload) =>
  post(target, `/publish/${channel}`, payload);

const connectEventSource: Connect<object> = (target, handlers) =>
  new Promise((subscribed, failed) => {
    const { after } = target;
    const asked = get(target, `/subscribe/${target.channel}`, {
      Accept: "text/event-stream",
      ...(after !== undefined && { "Last-Event-ID": secondsAndTag(after).join(":") }),
    });
    const closed = (): void => handlers.closed("the event stream has ended");
    const connection = {
      cursor: after ?? 0,
      send() {},
      async [Symbol.asyncDispose]() {
        asked.off("close", closed).destroy();
      },
    };
    const parser = createParser({
      // Its greeting, `: hi`, comes when the client is among the subscribers.
      onComment: () => subscribed(connection),
      onEvent({ id = "", data }) {
        connection.cursor = cursorOf(id);
        handlers.message(data);
      },
    });
    asked.once("error", failed);
    asked.once("response", (response) => {
      if (response.statusCode !== 200) return failed(new Error(`status ${response.statusCode}`));
      asked.once("close", closed);
      response.setEncoding("utf8").on("data", (text: string) => parser.feed(text));
    });
  });

/** Its frames are the messages, without numbers. */
const connectWebSocket: Connect<object> = (target, handlers) =>
  new Promise((subscribed, failed) => {
    const webSocket = new WebSocket(new URL(`/subscribe/${target.channel}`, target.url), {
      createConnection: () => target.dial(),
      perMessageDeflate: false,
    });
    const closed = (code: number): void => handlers.closed(`the WebSocket was closed with ${code}`);
    webSocket.on("error", failed);
    webSocket.on("message", (payload: Buffer) => handlers.message(payload));
    // nchan answers the handshake when the client is among the subscribers.
    webSocket.once("open", () => {
      webSocket.once("close", closed);
      subscribed({
        cursor: 0,
        send() {},
        async [Symbol.asyncDispose]() {
          webSocket.off("close", closed).terminate();
        },
      });
    });
  });

export default [
  defineTransport({
    name: "nchan-sse",
    title: "nchan EventSource",
    delivery: "push",
    publish,
    clients: { default: connectEventSource },
  }),
  defineTransport({
    name: "nchan-websocket",
    title: "nchan WebSocket",
    delivery: "push",
    publish,
    clients: { default: connectWebSocket },
  }),
  defineTransport({
    name: "nchan-long-polling",
    title: "nchan long polling",
    delivery: "pull",
    // How long the server holds a request for which there is no message: nchan.sh takes it from HOLD_SECONDS.
    options: z.strictObject({ holdMs: duration(1, 3_600_000).default(25_000) }),
    shorthand: "holdMs",
    idleCycleMs: ({ holdMs }) => holdMs,
    publish,
    classify: classifyPoll,
    clients: { default: (target, handlers) => LongPolls.open(target, handlers) },
  }),
];
