import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { Dialler } from "../bench/measure/dialler.ts";
import { CountedListener } from "../bench/measure/listener.ts";
import { encodingNames } from "../bench/payloads/encodings.ts";
import type { Messages } from "../bench/payloads/message.ts";
import { messagesFor } from "../bench/payloads/messages.ts";
import { transports } from "../transports/index.ts";
import type { BoundTransport } from "../transports/define-transport.ts";
import type { ReadChunk } from "../transports/transport.ts";
import { quick } from "./layered-variants.ts";
import { clientsWithoutBrowser } from "./clients-without-browser.ts";

/** One client of its own channel, whose messages come back to it through real sockets; the server's, if it sends none. */
async function echoed(
  bound: BoundTransport,
  messages: Messages,
  count: number,
): Promise<unknown[]> {
  const { binary } = messages;
  await using listener = await CountedListener.open(["127.0.0.1"]);
  listener.binary = binary;
  await bound.prepareToServe();
  await using server = bound.serve(listener, {
    message: (channel, payload) => server.publish(channel, payload),
  });
  const dialler = new Dialler("127.0.0.1", listener.port);
  const read: unknown[] = [];
  let [all, fail] = [(): void => {}, (_why: Error): void => {}];
  const arrived = new Promise<void>((resolve, reject) => {
    [all, fail] = [resolve, reject];
  });
  const handlers = {
    message(payload: Buffer | string): void {
      read.push(messages.read(payload) ? messages.sequence : payload);
      if (read.length === count) all();
    },
    gap: (): void => {},
    reconnected: (): void => {},
    closed: (reason: string): void => fail(new Error(reason)),
  };
  const url = new URL("http://localhost");
  const dial = (read?: ReadChunk): Duplex => dialler.dial(read);
  const target = { url, channel: "all", phase: 0, binary, dial };
  const connection = await bound.connect(target, handlers);
  try {
    for (let sequence = 1; sequence <= count; sequence += 1) {
      const message = messages.write(sequence, 5, 6);
      if (bound.sends) connection.send(message);
      else server.publish("all", message);
    }
    await arrived;
  } finally {
    await connection[Symbol.asyncDispose]();
    await dialler.reset();
  }
  return read;
}

const subjects = transports.flatMap((transport) =>
  clientsWithoutBrowser(transport).flatMap((client) =>
    encodingNames.map((encoding) => ({ transport, name: transport.name, client, encoding })),
  ),
);

describe.each(subjects)("$name, client $client", ({ transport, client, encoding }) => {
  it(`carries messages as ${encoding} up and down again, unchanged and in order`, async () => {
    const bound = transport.configure(client, quick(transport));
    await bound.prepare();
    const payload = { content: { kind: "json-tick" as const }, encoding };
    const messages = await messagesFor({ payloadBytes: 512, seed: 3, payload }, bound);
    expect(messages.binary).toBe(bound.binary && ["msgpack", "protobuf"].includes(encoding));
    expect(await echoed(bound, messages, 20)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
  });
});
