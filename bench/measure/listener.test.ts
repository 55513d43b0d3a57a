import { connect } from "node:net";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { loopbackAddresses } from "../machine/kernel.ts";
import { CountedListener } from "./listener.ts";

describe("a listener whose sockets a transport takes", () => {
  it("hands over those of every address, counts their bytes, and lets no HTTP answer", async () => {
    // Two of them where the machine has two.
    const addresses = await loopbackAddresses(2);
    await using listener = await CountedListener.open(addresses);
    const closed: Promise<unknown>[] = [];
    listener.takeSockets((socket) => {
      closed.push(new Promise((resolve) => socket.once("close", resolve)));
      socket.on("end", () => socket.destroy());
      socket.on("data", () => socket.write("taken"));
    });
    for (const host of addresses) {
      const client = connect({ host, port: listener.port });
      client.write("GET / HTTP/1.1\r\n\r\n");
      expect(await nextText(client)).toBe("taken");
      client.end();
    }
    await Promise.all(closed);
    expect(listener.totals()).toMatchObject({
      total: { down: 5 * addresses.length, up: 18 * addresses.length },
      requests: 0,
      connections: addresses.length,
    });
  });
});

function nextText(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once("data", (chunk) => resolve(chunk.toString())));
}
