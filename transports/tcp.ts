import type { Duplex } from "node:stream";
import * as z from "zod";
import { channelPattern, logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import { FrameReader, encodeFrame, headBytes } from "./frames.ts";
import {
  ProtocolError,
  asError,
  expectedNumber,
  notReading,
  quoted,
  endedByServer,
  tooLong,
  subscribeError,
} from "./protocol-error.ts";
import { tcpTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import { maxMessageBytes, maxWaitingBytes } from "./transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import type {
  ClientHandlers,
  Connection,
  Listener,
  ServerHandlers,
  Target,
  TransportServer,
} from "./transport.ts";
import { readFairly } from "./fair-reading.ts";
import { PartialMessages } from "./partial-messages.ts";
import { Subscriptions } from "./subscriptions.ts";

/*
 * The wire format, in both directions: the length of what follows in 4 bytes, big endian, and that many
 * bytes.
 *
 *   up:   `all`       the first frame names the channel, `all 12` to resume after message 12
 *         payload     a frame for each message
 *   down: `12`        the first frame, the hello: message 13 comes next
 *         payload     a frame for each message, in order; each counts one up
 *
 * A hello with a higher number than was asked for means a gap. A peer that breaks the format is disconnected.
 */

/** Length-prefixed messages over a bare socket: the least that any transport could cost here. */
export const tcp: AnyTransport = defineTransport({
  name: "tcp",
  title: "raw TCP",
  summary: "Length-prefixed messages over bare TCP, the cheapest conceivable transport",
  delivery: "push",
  binary: true,
  reference: true,
  options: z.strictObject(logOptions),
  shorthand: "logMessages",
  // Nothing is periodic: any second is like any other.
  idleCycleMs: () => 1_000,
  theory: () => tcpTheory,
  serve: serveFrames,
  clients: { default: connectFrames },
});

const introduction = new RegExp(`^(${channelPattern})(?: (.*))?$`);

/** The longest channel name, a blank, and the longest cursor. */
const maxIntroductionBytes = 64 + 1 + 15;

/** How long a client may take to introduce itself; as Node has it for the head of a request. */
const introductionMs = 60_000;

function serveFrames(
  listener: Listener,
  handlers: ServerHandlers,
  options: LogOptions,
): TransportServer {
  const subscriptions = new Subscriptions(listener, options, encodeFrame);
  const partialMessages = new PartialMessages();

  /** Adds a client to the channel that it names; null when it names none, or can't go on there. */
  const subscribe = (stream: Duplex, text: string): string | null => {
    const [, name, after] = introduction.exec(text) ?? [];
    if (name === undefined) return null;
    if (subscriptions.refused(name, after) !== null) return null;
    const { leave } = subscriptions.add(name, after, {
      stream,
      greet(cursor) {
        const hello = encodeFrame(Buffer.from(String(cursor)));
        stream.write(hello);
        listener.attribute(stream, "setUp", hello.length, headBytes + text.length);
      },
    });
    stream.once("close", leave);
    return name;
  };

  listener.takeSockets((stream) => {
    let channel: string | null = null;
    const reader = new FrameReader(maxIntroductionBytes, (payload) => {
      // Frames that arrived together with a bad one.
      if (stream.destroyed) return;
      if (channel !== null) {
        listener.attribute(stream, "upstream", 0, headBytes + payload.length);
        handlers.message(channel, payload);
        return;
      }
      clearTimeout(timer);
      channel = subscribe(stream, payload.toString("latin1"));
      if (channel === null) stream.destroy();
      else reader.maxBytes = maxMessageBytes;
    });
    readFairly(stream, (piece) => {
      if (reader.read(piece)) partialMessages.track(stream, reader.pendingBytes);
      else stream.destroy();
    });
    const timer = setTimeout(() => stream.destroy(), introductionMs).unref();
    stream.once("close", () => clearTimeout(timer));
    // A client that sends no more is sent nothing more.
    stream.on("end", () => stream.destroy());
    // A reset ends this client only.
    stream.on("error", () => {});
  });

  return {
    publish: (name, payload) => subscriptions.publish(name, payload),
    async [Symbol.asyncDispose]() {
      subscriptions[Symbol.dispose]();
    },
  };
}

function connectFrames(target: Target, handlers: ClientHandlers): Promise<Connection> {
  const stream = target.dial();
  const resume = target.after === undefined ? "" : ` ${target.after}`;
  stream.write(encodeFrame(Buffer.from(`${target.channel}${resume}`)));
  const connection = new TcpConnection(stream);
  return new Promise((resolve, reject) => {
    let failure = new Error(endedByServer);
    /** Before the hello. */
    let receivedBytes = 0;
    const greet = (hello: string): void => {
      try {
        connection.cursor = expectedNumber(hello, "the hello");
      } catch (error) {
        return void stream.destroy(asError(error));
      }
      reader.maxBytes = maxMessageBytes;
      const missed = connection.cursor - (target.after ?? connection.cursor);
      if (missed > 0) handlers.gap(missed);
      resolve(connection);
    };
    const reader = new FrameReader(maxHelloBytes, (payload) => {
      // What arrived together with the message on which the client was closed.
      if (stream.destroyed) return;
      if (connection.cursor < 0) return greet(payload.toString());
      connection.cursor += 1;
      handlers.message(payload);
    });
    stream.on("data", (chunk: Buffer) => {
      if (connection.cursor < 0) receivedBytes += chunk.length;
      if (reader.read(chunk)) return;
      const isGreeted = connection.cursor >= 0;
      stream.destroy(isGreeted ? tooLong("a message", maxMessageBytes) : noHello(chunk));
    });
    stream.on("error", (error) => {
      failure = error;
    });
    stream.on("close", () => {
      if (connection.cursor >= 0) handlers.closed(failure.message);
      else reject(subscribeError(failure, `${receivedBytes} bytes were received, but no hello`));
    });
  });
}

/** The longest cursor. */
const maxHelloBytes = 15;

function noHello(chunk: Buffer): ProtocolError {
  return new ProtocolError(
    `instead of a hello, the server sent ${quoted(chunk.toString("latin1"))}`,
  );
}

/** A class and not a literal: of these there are as many as clients, and instances take less memory. */
class TcpConnection implements Connection {
  /** Below zero before the hello. */
  cursor = -1;
  readonly #stream: Duplex;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  send(payload: Buffer): void {
    this.#stream.write(encodeFrame(payload));
    if (this.#stream.writableLength > maxWaitingBytes) this.#stream.destroy(notReading());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.removeAllListeners("close");
    await destroy(this.#stream);
  }
}

async function destroy(stream: Duplex): Promise<void> {
  if (stream.closed) return;
  await new Promise((resolve) => {
    stream.once("close", resolve);
    stream.destroy();
  });
}
