import type { ServerResponse } from "node:http";
import { Channels, channelPattern, refusedCursor } from "./channels.ts";
import type { Channel, LogOptions } from "./channels.ts";
import { codingOf, compressorOf, refusedCoding } from "./content-coding.ts";
import { streamOf } from "./answer-framing.ts";
import { Feed } from "./feed.ts";
import { chunkBytes, lastChunkBytes } from "./http-chunk.ts";
import { serveHttp } from "./http-service.ts";
import { refuse } from "./refuse.ts";
import type { Layers } from "./layers.ts";
import { digits } from "./polling-format.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";
import { Upstream } from "./upstream.ts";

/** How long a polling server waits before it answers that there is nothing. */
export interface HoldOptions {
  /** 0 answers at once. */
  readonly holdMs: number;
  /** How long an unused connection is kept; longer than a client leaves between two polls. */
  readonly keepAliveMs: number;
}

interface Waiter {
  readonly response: ServerResponse;
  readonly timer: NodeJS.Timeout;
}

/** Answers up to this size are made in one piece, for each client. */
const maxCopiedBytes = 65_536;

const nothing = Buffer.alloc(0);

const route = new RegExp(`^/poll/(${channelPattern})(?:\\?(.*))?$`);

export function servePolls(
  listener: Listener,
  handlers: ServerHandlers,
  options: LogOptions & HoldOptions,
  layers: Layers,
): TransportServer {
  const coding = codingOf(layers);
  const channels = new Channels<Waiter>(options, listener.numbersAfter, {
    // A client that polls each hour is no stranger either.
    idleMs: Math.max(600_000, options.keepAliveMs),
  });
  const upstream = new Upstream(listener, handlers);
  listener.http.keepAliveTimeout = options.keepAliveMs;
  let { holdMs } = options;

  const attribute = (part: "setUp" | "emptyPolls", response: ServerResponse): void =>
    listener.attributeRest(streamOf(response), part);

  const answerEmpty = (response: ServerResponse): void => {
    response.writeHead(204, { "Cache-Control": "no-store" }).end();
    attribute("emptyPolls", response);
  };

  const answerHead = (response: ServerResponse, newest: number, bytes: number): void => {
    response.writeHead(200, {
      "Content-Type": "application/octet-stream",
      "Content-Length": bytes,
      "Cache-Control": "no-store",
      Cursor: newest,
    });
  };

  const attributeAnswer = (
    response: ServerResponse,
    newest: number,
    messages: number,
    bodyBytes: number,
  ): void => {
    listener.attributePoll(streamOf(response), {
      messages,
      newest,
      bodyBytes,
      digitBytes: digits(bodyBytes) + digits(newest) + digits(newest - messages),
    });
  };

  const deliver = (
    response: ServerResponse,
    newest: number,
    messages: number,
    body: Buffer,
  ): void => {
    answerHead(response, newest, body.length);
    response.end(body);
    if (messages === 0) return attribute("emptyPolls", response);
    attributeAnswer(response, newest, messages, body.length);
  };

  /** Answers from the log, as far as the client reads: with messages that are too large to keep for each. */
  const feed = (
    channel: Channel<Waiter>,
    response: ServerResponse,
    messages: number,
    bytes: number,
  ): void => {
    const { newest } = channel.log;
    answerHead(response, newest, bytes);
    response.flushHeaders();
    const body = new Feed(streamOf(response), channel, {
      last: newest,
      written() {
        response.end();
        attributeAnswer(response, newest, messages, bytes);
      },
    });
    response.once("close", () => body.stop());
    body.start(newest - messages);
  };

  /** Answers from the log, by a compressor of its own, as far as the client reads. */
  const compress = (
    channel: Channel<Waiter>,
    response: ServerResponse,
    messages: number,
    compressor: NonNullable<ReturnType<typeof compressorOf>>,
  ): void => {
    const { newest } = channel.log;
    response.writeHead(200, {
      "Content-Type": "application/octet-stream",
      "Content-Encoding": coding,
      "Cache-Control": "no-store",
      Cursor: newest,
    });
    let bodyBytes = listener.isHttp2 ? 0 : lastChunkBytes;
    compressor.on("data", (piece: Buffer) => {
      bodyBytes += listener.isHttp2 ? piece.length : chunkBytes(piece.length);
      if (response.write(piece)) return;
      compressor.pause();
      response.once("drain", () => compressor.resume());
    });
    compressor.once("end", () => {
      response.end();
      listener.attributePoll(streamOf(response), {
        messages,
        newest,
        bodyBytes,
        digitBytes: digits(newest) + digits(newest - messages),
      });
    });
    // It has fallen behind the log.
    compressor.once("close", () => {
      if (!response.writableEnded) response.destroy();
    });
    const body = new Feed(compressor, channel, { last: newest, written: () => compressor.end() });
    response.once("close", () => {
      body.stop();
      compressor.destroy();
    });
    body.start(newest - messages);
  };

  const deliverAfter = (
    channel: Channel<Waiter> | undefined,
    response: ServerResponse,
    cursor: number,
  ): void => {
    if (channel === undefined) return deliver(response, channels.floor, 0, nothing);
    const { entries } = channel.log.after(cursor);
    const compressor = entries.length === 0 ? null : compressorOf(layers);
    if (compressor !== null) return compress(channel, response, entries.length, compressor);
    const bytes = entries.reduce((sum, { length }) => sum + length, 0);
    if (bytes > maxCopiedBytes) return feed(channel, response, entries.length, bytes);
    const body = Buffer.concat(entries, bytes);
    deliver(response, channel.log.newest, entries.length, body);
  };

  const hold = (channel: Channel<Waiter>, response: ServerResponse): void => {
    const timer = setTimeout(() => {
      channels.leave(channel, waiter);
      answerEmpty(response);
    }, holdMs);
    const waiter: Waiter = { response, timer };
    channel.peers.add(waiter);
    response.once("close", () => {
      clearTimeout(timer);
      channels.leave(channel, waiter);
    });
  };

  serveHttp(listener, {
    request(request, response) {
      if (upstream.take(request, response)) return;
      const [, name, query] = route.exec(request.url ?? "") ?? [];
      if (name === undefined) return refuse(response, 404, "polls go to /poll/:channel");
      if (request.method !== "GET") return refuse(response, 405, "polls use GET", { Allow: "GET" });
      const refusedAs = refusedCoding(request, coding);
      if (refusedAs !== null) return refuse(response, 406, refusedAs);
      const channel = channels.find(name);
      const newest = channel?.log.newest ?? channels.floor;
      const parameters = new URLSearchParams(query);
      const after = parameters.get("after");
      if (after === null) {
        response.writeHead(204, { "Cache-Control": "no-store", Cursor: newest }).end();
        return attribute("setUp", response);
      }
      const refusal = refusedCursor(after, newest);
      if (refusal !== null) return refuse(response, 400, refusal);
      if (Number(after) < newest) {
        return deliverAfter(channel, response, Number(after));
      }
      if (holdMs === 0 || parameters.get("wait") === "0") {
        return answerEmpty(response);
      }
      hold(channels.get(name), response);
    },
  });

  return {
    publish(name, payload) {
      const entry = Buffer.concat([Buffer.from(`${payload.length}\n`), payload]);
      const channel = channels.get(name);
      channels.append(channel, entry);
      // Whoever waits has everything before this message, so one body serves all.
      const { newest } = channel.log;
      for (const { response, timer } of channel.peers) {
        clearTimeout(timer);
        const compressor = compressorOf(layers);
        if (compressor !== null) compress(channel, response, 1, compressor);
        else if (entry.length > maxCopiedBytes) feed(channel, response, 1, entry.length);
        else deliver(response, newest, 1, entry);
      }
      channel.peers.clear();
    },
    heartbeats({ everyMs }) {
      // Who holds nothing is asked in time by its clients.
      if (holdMs > 0) holdMs = everyMs;
    },
    async [Symbol.asyncDispose]() {
      channels[Symbol.dispose]();
      for (const { response, timer } of channels.peers()) {
        clearTimeout(timer);
        response.destroy();
      }
    },
  };
}
