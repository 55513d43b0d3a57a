import { expect, it } from "vitest";
import { DirectBus } from "./direct-bus.ts";

it("hands what any server publishes to all of them, in that server's order", async () => {
  await using first = await DirectBus.open();
  await using second = await DirectBus.open();
  await using third = await DirectBus.open();
  const buses = [first, second, third];
  const messages = Array.from({ length: 200 }, (_, index) => `${index}`);
  const payload = Buffer.alloc(8);
  const complete = buses.map((bus) => {
    const taken: Record<string, string[]> = { a: [], b: [] };
    const peers = buses.filter((other) => other !== bus).map(({ address }) => address);
    let joined: Promise<void> = Promise.resolve();
    const all = new Promise<typeof taken>((resolve) => {
      joined = bus.join(peers, (channel, bytes) => {
        taken[channel]?.push(bytes.toString("latin1", 1, 1 + (bytes[0] ?? 0)));
        if (Object.values(taken).flat().length === 2 * messages.length) resolve(taken);
      });
    });
    return { joined, all };
  });
  await Promise.all(complete.map(({ joined }) => joined));
  for (const text of messages) {
    payload[0] = payload.write(text, 1);
    first.publish("a", payload);
    second.publish("b", payload);
  }
  for (const { all } of complete) expect(await all).toEqual({ a: messages, b: messages });
});
