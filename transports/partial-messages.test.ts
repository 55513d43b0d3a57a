import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PartialMessages } from "./partial-messages.ts";

const server = createServer();
const clients: Socket[] = [];

/** The server's side of a connection. */
async function accepted(): Promise<Socket> {
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const next = new Promise<Socket>((resolve) => server.once("connection", resolve));
  clients.push(connect({ port, host: "127.0.0.1" }).on("error", () => {}));
  return await next;
}

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  for (const client of clients) client.destroy();
  server.close();
});

describe("messages that have arrived in part", () => {
  it("are bounded together: who has been at it the longest is cut off", async () => {
    const [a, b, c] = [await accepted(), await accepted(), await accepted()];
    const partialMessages = new PartialMessages(1_000_000);
    partialMessages.track(a, 400_000);
    partialMessages.track(b, 400_000);
    partialMessages.track(a, 500_000);
    expect([a, b, c].map(({ destroyed }) => destroyed)).toEqual([false, false, false]);
    partialMessages.track(c, 100_001);
    expect([a, b, c].map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    partialMessages.track(c, 700_000);
    expect([a, b, c].map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
  });

  it("count no more when they are finished, or their client has gone", async () => {
    const [a, b, c] = [await accepted(), await accepted(), await accepted()];
    const partialMessages = new PartialMessages(1_000_000);
    partialMessages.track(a, 900_000);
    partialMessages.track(a, 0);
    partialMessages.track(b, 900_000);
    const closed = new Promise((resolve) => b.once("close", resolve));
    b.destroy();
    await closed;
    partialMessages.track(c, 1_000_000);
    expect([a, c].map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });

  it("don't count while they are small, as most are", async () => {
    const a = await accepted();
    const partialMessages = new PartialMessages(0);
    partialMessages.track(a, 65_536);
    expect(a.destroyed).toBe(false);
    partialMessages.track(a, 65_537);
    expect(a.destroyed).toBe(true);
  });
});
