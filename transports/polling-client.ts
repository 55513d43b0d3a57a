import type { Coding } from "./content-coding.ts";
import { HttpClient, HttpUpstream, loadHttpClient, upstreamKept } from "./http-client.ts";
import type { KeepAlive, Outcomes } from "./http-client.ts";
import { maxLengthBytes, pollPath, splitMessages } from "./polling-format.ts";
import {
  ProtocolError,
  asError,
  expectedNumber,
  notANumber,
  parseCursor,
  quoted,
  subscribeError,
  unexpectedEncoding,
  unexpectedStatus,
} from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** When a polling client polls again. */
export interface PollTimer {
  /** Calls `poll` when the next poll is due after an answer; returns what cancels that. */
  next(poll: () => void): () => void;
}

/** How a polling client polls. */
export interface PollingOptions extends KeepAlive {
  readonly timer: PollTimer;
  /** How much of the past a server of this harness keeps: an answer may hold all of it. */
  readonly logBytes: number;
  /** How answers are asked for. */
  readonly coding: Coding;
}

/** Makes what asks for a path, as an HTTP library does. */
export type GetterOf = (client: HttpClient, outcomes: Outcomes) => (path: string) => void;

export async function connectPolling(
  target: Target,
  handlers: ClientHandlers,
  { timer, logBytes, coding, ...keepAlive }: PollingOptions,
  getterOf: GetterOf = (client, outcomes) => client.getter(outcomes, coding),
): Promise<Connection> {
  await loadHttpClient(target.http2 !== undefined);
  // One message is always kept, however long, behind its length.
  const maxAnswerBytes = Math.max(logBytes, maxMessageBytes + maxLengthBytes);
  const client = new HttpClient(target, keepAlive, maxAnswerBytes, handlers);
  const keptUp = keepAlive.keepAliveMs === null ? { keepAliveMs: null } : upstreamKept;
  const upstream = new HttpUpstream(target, keptUp, handlers, end);
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
    // An answer without a message has nothing to compress.
    const isOtherwise = coding !== "identity" && body.length > 0;
    const wrong = isOtherwise ? unexpectedEncoding(header, coding) : null;
    if (wrong !== null) return wrong;
    const messages = splitMessages(body);
    if (messages === null) return unexpectedEncoding(header) ?? brokenBody(body);
    const missed = last - messages.length - cursor;
    if (missed < 0) return cursorBehind(last, cursor, messages.length);
    cursor = last;
    if (missed > 0) handlers.gap(missed);
    for (const message of messages) handlers.message(message);
    return null;
  }

  const get = getterOf(
    client,
    client.retryable(
      () => (ended ? undefined : poll()),
      (...answer) => {
        if (ended) return;
        const wrong = take(...answer);
        if (wrong === null) cancel = timer.next(poll);
        else end(wrong);
      },
      end,
    ),
  );
  const poll = (): void => get(pollPath(target.channel, cursor));

  /** The first answer comes at once, and tells where the channel stands. */
  const greet = new Promise<void>((resolve, reject) => {
    const { channel, after } = target;
    const path = after === undefined ? `/poll/${channel}` : `${pollPath(channel, after)}&wait=0`;
    const greeted = (status: number, header: Header, body: Buffer): void => {
      const wrong = take(status, header, body);
      if (wrong !== null) throw wrong;
      if (after === undefined) cursor = expectedNumber(header("cursor"), "the header Cursor");
    };
    const outcomes = client.retryable(
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
    getterOf(client, outcomes)(path);
  });
  try {
    await greet;
  } catch (error) {
    await client.close();
    throw error;
  }
  cancel = timer.next(poll);

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
