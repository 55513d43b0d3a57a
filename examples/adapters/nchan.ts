import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { createParser } from "eventsource-parser";
import { agentFor, defineTransport, duration, post, z } from "transport-bench/transport";
import type { AnswerReader, Connect, Publish, RequestHead } from "transport-bench/transport";
import type { ClientHandlers, Connection, Target } from "transport-bench/transport";
import { WebSocket } from "ws";

// Three of the ways in which nginx with nchan (https://nchan.io) delivers messages. It is measured as it is: nchan.conf
// has the locations, and nchan.sh starts it.

const publish: Publish<object> = (target, channel, payload) =>
  post(target, `/publish/${channel}`, payload);

/** nchan numbers messages by the second and a tag within it; as a number that JavaScript holds exactly: */
const tagsPerSecond = 100_000;

/** `id` is what nchan writes as `1700000000:3`. */
function cursorOf(id: string): number {
  const [seconds = 0, tag = 0] = id.split(":").map(Number);
  return seconds * tagsPerSecond + tag;
}

function secondsAndTag(cursor: number): [number, number] {
  return [Math.floor(cursor / tagsPerSecond), cursor % tagsPerSecond];
}

function get(target: Target, path: string, headers: Record<string, string> = {}): ClientRequest {
  const agent = agentFor(target);
  return httpRequest({ agent, path, headers: { Host: target.url.host, ...headers } }).end();
}

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

/** One request after the other, each for the message after the last. */
class LongPolls implements Connection {
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  #request: ClientRequest | null = null;
  #hasEnded = false;
  /** 0 for what is the first on its channel. */
  cursor: number;

  /** nchan keeps messages: what is published after the newest was asked for, a poll finds even when it comes later. */
  static async open(target: Target, handlers: ClientHandlers): Promise<LongPolls> {
    const polls = new LongPolls(target, handlers);
    if (target.after === undefined) polls.cursor = await polls.#newest();
    void polls.#poll();
    return polls;
  }

  private constructor(target: Target, handlers: ClientHandlers) {
    this.#target = target;
    this.#handlers = handlers;
    this.cursor = target.after ?? 0;
  }

  send(): void {}

  async #newest(): Promise<number> {
    const response = await this.#answer(`/publish/${this.#target.channel}`);
    const about = (await buffer(response)).toString();
    if (response.statusCode === 404) return 0;
    return cursorOf(/^last message id: (\S+)/m.exec(about)?.[1] ?? "");
  }

  async #poll(): Promise<void> {
    try {
      while (!this.#hasEnded) {
        const response = await this.#answer(`/poll/${this.#target.channel}`, this.#condition());
        this.#take(response, await buffer(response));
      }
    } catch (error) {
      if (!this.#hasEnded) this.#handlers.closed(`a poll failed: ${String(error)}`);
    }
  }

  #take({ statusCode, headers }: IncomingMessage, payload: Buffer): void {
    // Nothing was published while the request was held.
    if (statusCode === 408) return;
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    const seconds = Date.parse(headers["last-modified"] ?? "") / 1_000;
    this.cursor = cursorOf(`${seconds}:${headers.etag}`);
    this.#handlers.message(payload);
  }

  #condition(): Record<string, string> {
    if (this.cursor === 0) return {};
    const [seconds, tag] = secondsAndTag(this.cursor);
    return {
      "If-Modified-Since": new Date(seconds * 1_000).toUTCString(),
      "If-None-Match": String(tag),
    };
  }

  #answer(path: string, headers?: Record<string, string>): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      this.#request = get(this.#target, path, headers);
      this.#request.once("response", resolve).once("error", reject);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    this.#request?.destroy();
  }
}

/** What a relay between client and server counts an exchange as. */
function classifyPoll({ method, path, header }: RequestHead): AnswerReader {
  if (method === "POST") return { body() {}, purpose: () => "upstream" };
  if (path.startsWith("/publish/")) return { body() {}, purpose: () => "setUp" };
  const asked = header("if-none-match") ?? "";
  let bodyBytes = 0;
  return {
    body: (piece) => void (bodyBytes += piece.length),
    purpose({ status, header }) {
      if (status !== 200) return "emptyPolls";
      const digits = `${asked}${header("etag")}${header("content-length")}`;
      return { messages: 1, newest: 0, bodyBytes, digitBytes: digits.length };
    },
  };
}

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
