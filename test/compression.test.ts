import { expect, it } from "vitest";
import { parseVariant } from "../bench/settings/variant.ts";
import { bothWays } from "../transports/wire-bytes.ts";
import { EchoServer } from "./echo-server.ts";
import { Link } from "./link.ts";
import { subscribe } from "./try-client.ts";

/** Messages that have much in common with each other, and little within each. */
function ticks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const price = 100 + ((index * 7_919) % 1_000) / 100;
    return `{"symbol":"EURUSD","bid":${price},"ask":${price + 0.02},"at":${1_700_000_000 + index}}`;
  });
}

/** Bytes both ways, for messages down to one client and as many up, one after the other. */
async function bytesOf(variant: string, messages: readonly string[]): Promise<number> {
  await using link = await Link.open(parseVariant(variant).bound);
  await using alice = await link.connect();
  const before = bothWays(link.listener.totals().total);
  for (const [index, message] of messages.entries()) {
    link.publish(message);
    expect(await alice.seen.count(index + 1)).toHaveLength(index + 1);
    alice.connection.send(Buffer.from(message));
    await link.upstreamChanges.until(() => link.upstream.length === index + 1);
  }
  expect(alice.seen.received).toEqual(messages);
  expect(link.upstream.map(({ payload }) => payload)).toEqual(messages);
  return bothWays(link.listener.totals().total) - before;
}

it("a WebSocket keeps the history of its messages, unless it is told not to", async () => {
  const messages = ticks(50);
  const plain = await bytesOf("websocket", messages);
  const apart = await bytesOf("websocket+deflate=no-takeover+threshold=0", messages);
  const together = await bytesOf("websocket+deflate", messages);
  expect(apart).toBeLessThan(plain);
  expect(together).toBeLessThan(apart / 2);
});

it("a WebSocket without history sends what is below the threshold uncompressed, to the byte", async () => {
  const short = [" ".repeat(99), " ".repeat(1_023)];
  const long = [" ".repeat(1_024)];
  expect(await bytesOf("websocket+deflate=no-takeover", short)).toBe(
    await bytesOf("websocket", short),
  );
  expect(await bytesOf("websocket+deflate=no-takeover", long)).toBeLessThan(100);
  const raised = "websocket+deflate=no-takeover+threshold=4KiB";
  expect(await bytesOf(raised, long)).toBe(await bytesOf("websocket", long));
});

it("a WebSocket's client refuses a server that doesn't agree to compress", async () => {
  await using server = await EchoServer.open("websocket");
  await using client = await subscribe("websocket+deflate", server.port);
  expect(client.failure).toBe(
    "an answer to the handshake that doesn't agree to permessage-deflate",
  );
});
