import { request as httpRequest } from "node:http";
import { createParser } from "eventsource-parser";
import { agentFor, defineTransport, post } from "transport-bench/transport";
import type { Publish, Target } from "transport-bench/transport";

// Three of the ways in which nginx with nchan (https://nchan.io) delivers messages, measured as they are: nchan.conf has
// the locations, and nchan.sh starts the server.

const publish: Publish<object> = (target, channel, payload) =>
  post(target, `/publish/${channel}`, payload);

const subscription = ({ channel }: Target): string => `/subscribe/${channel}`;

/** nchan numbers messages by a second and a tag within it. As a number that JavaScript holds exactly: */
const tagsPerSecond = 100_000;

function cursorOf(seconds: number, tag: number): number {
  return seconds * tagsPerSecond + tag;
}

function secondsAndTag(cursor: number): [number, number] {
  return [Math.floor(cursor / tagsPerSecond), cursor % tagsPerSecond];
}

const eventSource = defineTransport({
  name: "nchan-sse",
  title: "nchan EventSource",
  delivery: "push",
  publish,
  clients: {
    default: (target, handlers) =>
      new Promise((subscribed, failed) => {
        const { after } = target;
        const asked = httpRequest({
          agent: agentFor(target),
          path: subscription(target),
          headers: {
            Host: target.url.host,
            Accept: "text/event-stream",
            ...(after !== undefined && { "Last-Event-ID": secondsAndTag(after).join(":") }),
          },
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
          // Its greeting, `: hi`, is sent once the client is among the subscribers.
          onComment: () => subscribed(connection),
          onEvent({ id = "", data }) {
            const [seconds = 0, tag = 0] = id.split(":").map(Number);
            connection.cursor = cursorOf(seconds, tag);
            handlers.message(data);
          },
        });
        asked.once("error", failed).end();
        asked.once("response", (response) => {
          if (response.statusCode !== 200)
            return failed(new Error(`status ${response.statusCode}`));
          asked.once("close", closed);
          response.setEncoding("utf8").on("data", (text: string) => parser.feed(text));
        });
      }),
  },
});

export default [eventSource];
