import type { Server } from "node:http";
import type { ClientHandlers, TransportServer } from "../../transports/transport.ts";
import { faultIn } from "../settings/fault.ts";
import type { Fault } from "../settings/fault.ts";
import { nowNs } from "../measure/clock.ts";
import { closingAnswers, leaking, withNagle } from "./socket-faults.ts";

type Send = (index: number, dueNs: number) => void;

/** What measuring processes put between themselves and a transport: nothing, where no fault is asked for. */
export interface Faults {
  /** Tells that a phase starts. The server makes its faults in measured ones, and counts messages anew. */
  begin(measured: boolean): void;
  sending(send: Send): Send;
  /** Of the server that a transport has been mounted on. */
  serving(http: Server): void;
  publishing(server: TransportServer): TransportServer;
  reading(client: ClientHandlers): ClientHandlers;
}

const none: Faults = {
  begin: () => {},
  sending: (send) => send,
  serving: () => {},
  publishing: (server) => server,
  reading: (client) => client,
};

/** The faults that the environment asks for. */
export function faultsOf(environment: NodeJS.ProcessEnv): Faults {
  const fault = faultIn(environment);
  if (fault === null) return none;
  switch (fault.kind) {
    case "late":
      return lateSending(fault.byMs);
    case "slow-reader":
      return slowReading(fault.perDeliveryMs);
    case "delay":
      return delayedPublishing(fault.byMs);
    case "grow":
      return grownMessages(fault.bytes);
    case "leak":
      return { ...none, serving: (http) => leaking(http, fault.bytes) };
    case "nagle":
      return { ...none, serving: withNagle };
    case "close":
      return { ...none, serving: closingAnswers };
    case "block":
    case "drop":
    case "duplicate":
    case "swap":
    case "corrupt":
      break;
  }
  return faultyPublishing(fault);
}

function lateSending(byMs: number): Faults {
  let measuring = false;
  return {
    ...none,
    begin(measured) {
      measuring = measured;
    },
    sending: (send) => (index, dueNs) => {
      if (measuring) blockUntil(dueNs + byMs * 1e6);
      send(index, dueNs);
    },
  };
}

function slowReading(perDeliveryMs: number): Faults {
  return {
    ...none,
    reading: (client) =>
      readingBy(client, (payload) => {
        client.message(payload);
        blockUntil(nowNs() + perDeliveryMs * 1e6);
      }),
  };
}

function delayedPublishing(byMs: number): Faults {
  return {
    ...none,
    publishing: (server) =>
      publishingBy(server, (channel, payload) => {
        blockUntil(nowNs() + byMs * 1e6);
        server.publish(channel, payload);
      }),
  };
}

/** As when a field of a server's messages gets longer, which its readers make no use of. */
function grownMessages(bytes: number): Faults {
  const more = Buffer.alloc(bytes, "+");
  return {
    ...none,
    publishing: (server) =>
      publishingBy(server, (channel, payload) =>
        server.publish(channel, Buffer.concat([payload, more])),
      ),
    reading: (client) => readingBy(client, (payload) => client.message(payload.slice(0, -bytes))),
  };
}

function publishingBy(
  server: TransportServer,
  publish: TransportServer["publish"],
): TransportServer {
  return { publish, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function readingBy(client: ClientHandlers, message: ClientHandlers["message"]): ClientHandlers {
  return {
    message,
    gap: (missed) => client.gap(missed),
    closed: (reason) => client.closed(reason),
    reconnected: (askedAgain) => client.reconnected(askedAgain),
  };
}

function faultyPublishing(fault: Extract<Fault, { atMessage?: unknown }>): Faults {
  const { atMessage, oneIn } = fault;
  let measuring = false;
  let messages = 0;
  let held: { channel: string; payload: Buffer } | null = null;

  const isHit = (): boolean => {
    if (!measuring) return false;
    messages += 1;
    return oneIn === undefined ? messages === atMessage : messages % oneIn === 0;
  };

  const publishFaulty = (server: TransportServer, channel: string, payload: Buffer): void => {
    switch (fault.kind) {
      case "drop":
        return;
      case "swap":
        held = { channel, payload };
        return;
      case "corrupt":
        return server.publish(channel, corrupted(payload));
      case "duplicate":
        server.publish(channel, payload);
        return server.publish(channel, payload);
      case "block":
        server.publish(channel, payload);
        // Not at once: what this message makes sockets do belongs to it.
        setImmediate(() => blockUntil(nowNs() + fault.forMs * 1e6));
    }
  };

  return {
    ...none,
    begin(measured) {
      measuring = measured;
      messages = 0;
      held = null;
    },
    publishing: (server) =>
      publishingBy(server, (channel, payload) => {
        if (isHit()) return publishFaulty(server, channel, payload);
        server.publish(channel, payload);
        if (held?.channel !== channel) return;
        server.publish(channel, held.payload);
        held = null;
      }),
  };
}

/** Makes another digit of the due time's first one, which hardly any trial gets far enough to need. */
function corrupted(payload: Buffer): Buffer {
  const copy = Buffer.from(payload);
  copy[8] = (copy[8] ?? 0) ^ 1;
  return copy;
}

const waiting = new Int32Array(new SharedArrayBuffer(4));

/** Stops this process's event loop, without using the processor that others need. */
function blockUntil(timeNs: number): void {
  for (let leftNs = timeNs - nowNs(); leftNs > 0; leftNs = timeNs - nowNs()) {
    Atomics.wait(waiting, 0, 0, leftNs / 1e6);
  }
}
