import { once } from "node:events";
import { createConnection } from "node:net";
import { describe, expect, it } from "vitest";
import { collectGarbage } from "../measure/garbage.ts";
import { CountedListener } from "../measure/listener.ts";
import { leaking } from "./socket-faults.ts";

describe("a leak", () => {
  it("keeps its bytes for each connection, also for those that have ended, until it ends itself", async () => {
    await using listener = await CountedListener.open(["127.0.0.1"]);
    const end = leaking(listener.http, 10_000_000);
    // Buffers of earlier tests may still be finalized meanwhile.
    expect(await keptFor(listener, 3)).toBeGreaterThan(20_000_000);
    end();
    expect(await keptFor(listener, 3)).toBeLessThan(10_000_000);
  });
});

/** How many bytes buffers keep after this many connections were made and ended. */
async function keptFor(listener: CountedListener, connections: number): Promise<number> {
  const before = await liveBufferBytes();
  for (let made = 0; made < connections; made += 1) {
    const accepted = once(listener.http, "connection");
    const socket = createConnection(listener.port, "127.0.0.1");
    await accepted;
    socket.destroy();
    await once(socket, "close");
  }
  return (await liveBufferBytes()) - before;
}

/** Without garbage, of which earlier tests in the same process may have left any amount. */
async function liveBufferBytes(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().arrayBuffers;
}
