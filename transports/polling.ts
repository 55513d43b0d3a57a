import type { ServerResponse } from "node:http";
import { Channels, channelPattern, refusedCursor } from "./channels.ts";
import type { Channel, LogOptions } from "./channels.ts";
import { HttpClient, HttpUpstream, loadHttpClient } from "./http-client.ts";
import type { Keeping } from "./http-client.ts";
import { Feed } from "./feed.ts";
import { refuse, serveHttp } from "./http-service.ts";
import {
  ProtocolError,
  asError,
  unexpectedEncoding,
  expectedNumber,
  notANumber,
  parseCursor,
  quoted,
  unexpectedStatus,
  subscribeError,
} from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";
import type {
  ClientHandlers,
  Connection,
  Listener,
  ServerHandlers,
  Target,
  TransportServer,
} from "./transport.ts";
import { Upstream } from "./upstream.ts";

/*
 * The wire format of both polling transports.
 *
 *   GET /poll/:channel            204, header `Cursor: 12`: where the channel stands now
 *   GET /poll/:channel?after=12   200, header `Cursor: 14`, body: messages 13 and 14, each as its
 *                                 length in bytes in decimal, a line feed, its bytes;
 *                                 204 when there is none (after the hold, if the server holds)
 *   …&wait=0                      the same, but never held
 *
 * The body's messages are the last ones up to the cursor, so fewer than asked for tell a gap. What a relay
 * reads of it stands in `classify-polls.ts`.
 */

/** What a polling server waits for before it says that there is nothing. */
export interface Hold {
  /** 0 answers at once. */
  readonly holdMs: number;
  /** How long an unused connection is kept; longer than a client leaves between two polls. */
  readonly keepAliveMs: number;
}

interface Waiter {
  readonly response: ServerResponse;
  readonly timer: NodeJS.Timeout;
}

export function pollPath(channel: string, cursor: number): string {
  return `/poll/${channel}?after=${cursor}`;
}

/** Answers up to this size are made in one piece, for each client. */
const maxCopiedBytes = 65_536;

const nothing = Buffer.alloc(0);

const route = new RegExp(`^/poll/(${channelPattern})(?:\\?(.*))?$`);

export function servePolls(
  listener: Listener,
  handlers: ServerHandlers,
  options: LogOptions & Hold,
): TransportServer {
  const channels = new Channels<Waiter>(options, {
    // A client that polls each hour is no stranger either.
    idleMs: Math.max(600_000, options.keepAliveMs),
  });
  const upstream = new Upstream(listener, handlers);
  listener.http.keepAliveTimeout = options.keepAliveMs;

  const attribute = (part: "setUp" | "emptyPolls", { req }: ServerResponse): void =>
    listener.attributeRest(req.socket, part);

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
    listener.attributePoll(response.req.socket, {
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
    const body = new Feed(response.req.socket, channel, {
      last: newest,
      written() {
        response.end();
        attributeAnswer(response, newest, messages, bytes);
      },
    });
    response.once("close", () => body.stop());
    body.start(newest - messages);
  };

  const deliverAfter = (
    channel: Channel<Waiter> | undefined,
    response: ServerResponse,
    cursor: number,
  ): void => {
    if (channel === undefined) return deliver(response, channels.floor, 0, nothing);
    const { entries } = channel.log.after(cursor);
    const bytes = entries.reduce((sum, { length }) => sum + length, 0);
    if (bytes > maxCopiedBytes) return feed(channel, response, entries.length, bytes);
    const body = Buffer.concat(entries, bytes);
    deliver(response, channel.log.newest, entries.length, body);
  };

  const hold = (channel: Channel<Waiter>, response: ServerResponse): void => {
    const timer = setTimeout(() => {
      channels.leave(channel, waiter);
      answerEmpty(response);
    }, options.holdMs);
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
      if (options.holdMs === 0 || parameters.get("wait") === "0") {
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
        if (entry.length > maxCopiedBytes) feed(channel, response, 1, entry.length);
        else deliver(response, newest, 1, entry);
      }
      channel.peers.clear();
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

/** How many there are; without making a text of it, since it is asked for each answer. */
export function digits(number: number): number {
  let count = 1;
  for (let bound = 10; number >= bound; bound *= 10) count += 1;
  return count;
}

/** When a polling client asks again. */
export interface Rhythm {
  /** Calls `poll` when the next poll is due after an answer; returns what cancels that. */
  next(poll: () => void): () => void;
}

/** How a polling client asks. */
export interface Asking extends Keeping {
  readonly rhythm: Rhythm;
  /** How much of the past a server of this harness keeps: an answer may hold all of it. */
  readonly logBytes: number;
}

export async function connectPolling(
  target: Target,
  handlers: ClientHandlers,
  { rhythm, logBytes, keepAliveMs }: Asking,
): Promise<Connection> {
  await loadHttpClient();
  // One message is always kept, however long, behind its length.
  const maxAnswerBytes = Math.max(logBytes, maxMessageBytes + lengthBytes);
  const client = new HttpClient(target, { keepAliveMs }, maxAnswerBytes, handlers);
  const upstream = new HttpUpstream(target, handlers, end);
  let cursor = target.after ?? 0;
  let ended = false;
  let cancel = (): void => {};

  function end({ message }: Error): void {
    if (ended) return;
    ended = true;
    cancel();
    handlers.closed(message);
  }

  /** Hands over the messages of an answer; returns why it makes no sense, or null. */
  function take(status: number, header: Header, body: Buffer): ProtocolError | null {
    if (status === 204) return null;
    if (status !== 200) return unexpectedStatus(status, header);
    const newest = header("cursor");
    const last = parseCursor(newest ?? "");
    if (last === null) return notANumber(newest, "the header Cursor");
    const messages = splitMessages(body);
    if (messages === null) return unexpectedEncoding(header) ?? brokenBody(body);
    const missed = last - messages.length - cursor;
    if (missed < 0) return cursorBehind(last, cursor, messages.length);
    cursor = last;
    if (missed > 0) handlers.gap(missed);
    for (const message of messages) handlers.message(message);
    return null;
  }

  const poll = (): void => {
    client.dispatcher.dispatch(
      { method: "GET", path: pollPath(target.channel, cursor) },
      pollHandler,
    );
  };
  const pollHandler = client.repeatable(
    () => (ended ? undefined : poll()),
    (...answer) => {
      if (ended) return;
      const wrong = take(...answer);
      if (wrong === null) cancel = rhythm.next(poll);
      else end(wrong);
    },
    end,
  );

  /** The first answer comes at once, and tells where the channel stands. */
  const greet = new Promise<void>((resolve, reject) => {
    const { channel, after } = target;
    const path = after === undefined ? `/poll/${channel}` : `${pollPath(channel, after)}&wait=0`;
    const greeted = (status: number, header: Header, body: Buffer): void => {
      const wrong = take(status, header, body);
      if (wrong !== null) throw wrong;
      if (after === undefined) cursor = expectedNumber(header("cursor"), "the header Cursor");
    };
    const handler = client.repeatable(
      () => {},
      (...answer) => {
        try {
          resolve(greeted(...answer));
        } catch (error) {
          reject(asError(error));
        }
      },
      (error, received) => reject(subscribeError(error, received)),
    );
    client.dispatcher.dispatch({ method: "GET", path }, handler);
  });
  try {
    await greet;
  } catch (error) {
    await client.close();
    throw error;
  }
  cancel = rhythm.next(poll);

  return {
    get cursor() {
      return cursor;
    },
    send: (payload) => upstream.send(payload),
    async [Symbol.asyncDispose]() {
      ended = true;
      cancel();
      await Promise.all([client.close(), upstream.close()]);
    },
  };
}

function cursorBehind(last: number, cursor: number, messages: number): ProtocolError {
  return new ProtocolError(
    `the header Cursor is ${last}, with ${messages} messages after ${cursor}`,
  );
}

function brokenBody(body: Buffer): ProtocolError {
  return new ProtocolError(
    `a body that is not made of messages: ${quoted(body.toString("latin1"))}`,
  );
}

/** The length of the longest message in decimal, and a line feed. */
const lengthBytes = String(maxMessageBytes).length + 1;

const lineFeed = 10;

/** The messages of a poll's body; null when it is not made of whole ones. */
export function splitMessages(body: Buffer): Buffer[] | null {
  const messages: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const from = at;
    let length = 0;
    let digit = body[at];
    while (digit !== undefined && digit !== lineFeed) {
      if (digit < 48 || digit > 57) return null;
      length = length * 10 + digit - 48;
      at += 1;
      digit = body[at];
    }
    const start = at + 1;
    if (at === from || length > maxMessageBytes || start + length > body.length) return null;
    at = start + length;
    messages.push(body.subarray(start, at));
  }
  return messages;
}
