import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
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

describe("a listener to which a stream's bytes are attributed", () => {
  it("reads by itself how many have crossed that nobody has attributions", async () => {
    await using listener = await CountedListener.open(["127.0.0.1"]);
    const accepted = new Promise<Duplex>((resolve) => listener.takeSockets(resolve));
    const client = connect(listener.port, "127.0.0.1");
    client.write("12345");
    const stream = await accepted;
    await once(stream, "data");
    stream.write("123");
    listener.attributeRest(stream, "setUp");
    client.write("1234567");
    await once(stream, "data");
    stream.write("1");
    listener.attribute(stream, "heartbeats", 1, 0);
    const { total, parts, attributions } = listener.totals();
    expect(total).toEqual({ down: 4, up: 12 });
    expect(parts).toMatchObject({ setUp: { down: 3, up: 5 }, heartbeats: { down: 1, up: 0 } });
    expect(attributions).toMatchObject({ setUp: 1, heartbeats: 1, upstream: 0 });
    stream.write("12");
    listener.attributePoll(stream, { messages: 1, newest: 9, bodyBytes: 2, digitBytes: 0 });
    expect(listener.totals().parts.deliveries).toEqual({ down: 2, up: 7 });
    client.destroy();
  });
});
