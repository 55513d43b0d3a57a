import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { CountedListener } from "../bench/measure/listener.ts";
import { encodeFrame } from "../transports/frames.ts";
import { tcp } from "../transports/tcp.ts";
import { websocket } from "../transports/websocket.ts";
import { edges, requestOf, upgrade, withPost } from "./stranger.ts";

// A client that sends more than can be handled gets its turn of the event loop, and all others theirs.

/** A message that takes its server a while, as one does that goes on to many. */
const handlingMs = 0.02;

/** The most messages that a turn brought, of what a client has sent at once. */
async function mostInATurn(
  { transport, options }: Pick<(typeof edges)[number], "transport" | "options">,
  sent: Buffer,
  messages: number,
): Promise<number> {
  const handled = { messages: 0 };
  await using listener = await CountedListener.open(["127.0.0.1"]);
  await using server = transport.configure("default", options).serve(listener, {
    message() {
      handled.messages += 1;
      const endMs = performance.now() + handlingMs;
      while (performance.now() < endMs);
    },
    spent: () => {},
    answered: () => {},
  });
  server.publish("other", Buffer.from("it serves"));
  const client = connect(listener.port, "127.0.0.1").resume();
  client.write(sent);
  let most = 0;
  for (let before = 0; handled.messages < messages; before = handled.messages) {
    await new Promise(setImmediate);
    most = Math.max(most, handled.messages - before);
  }
  client.destroy();
  await once(client, "close");
  return most;
}

it.each([
  {
    transport: tcp,
    opening: encodeFrame(Buffer.from("all")),
    message: encodeFrame(Buffer.from("x")),
  },
  {
    transport: websocket,
    opening: Buffer.from(requestOf("GET", "/ws/all", upgrade)),
    // RFC 6455, section 5.2: the masked frame of a one-byte message.
    message: Buffer.from([0x81, 0x81, 0, 0, 0, 0, 120]),
  },
])("one-byte messages over $transport.name are handled some at a time", async (flood) => {
  const { transport, opening, message } = flood;
  const messages = 60_000;
  const sent = Buffer.concat([opening, Buffer.alloc(messages * message.length, message)]);
  // What 64 KiB hold, which are read at once, are 9 000 and more.
  expect(await mostInATurn({ transport, options: {} }, sent, messages)).toBeLessThan(4_000);
});

it.each(withPost)(
  "requests in a line are answered a few at a time over $transport.name",
  async (edge) => {
    const request = `${requestOf("POST", "/send/all", { "Content-Length": "1" })}x`;
    // What was read in a turn, and what has waited for it.
    expect(await mostInATurn(edge, Buffer.from(request.repeat(90)), 90)).toBeLessThanOrEqual(34);
  },
);
