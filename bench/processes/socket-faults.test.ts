import { once } from "node:events";
import { createConnection } from "node:net";
import { describe, expect, it } from "vitest";
import { CountedListener } from "../measure/listener.ts";
import { leaking } from "./socket-faults.ts";

describe("a leak", () => {
  it("keeps its bytes for each connection, also for those that have ended", async () => {
    await using listener = await CountedListener.open(["127.0.0.1"]);
    leaking(listener.http, 1_000_000);
    const before = process.memoryUsage().arrayBuffers;
    for (let client = 0; client < 3; client += 1) {
      const accepted = once(listener.http, "connection");
      const socket = createConnection(listener.port, "127.0.0.1");
      await accepted;
      socket.destroy();
      await once(socket, "close");
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(3_000_000);
  });
});
