import { expect, it } from "vitest";
import { DirectBus } from "./direct-bus.ts";
import { joinBus } from "./join-bus.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";

initWebAssemblySync();

it("hands what any server publishes to all of them, in that server's order", async () => {
  await using first = await DirectBus.open("127.0.0.1");
  await using second = await DirectBus.open("127.0.0.1");
  await using third = await DirectBus.open("127.0.0.1");
  const buses = [first, second, third];
  const messages = Array.from({ length: 200 }, (_, index) => `${index}`);
  const payload = Buffer.alloc(8);
  const complete = buses.map((bus) => {
    const taken: Record<string, string[]> = { a: [], b: [] };
    const peers = buses.filter((other) => other !== bus).map(({ address }) => address);
    let isComplete = (_all: typeof taken): void => {};
    const all = new Promise<typeof taken>((resolve) => (isComplete = resolve));
    const deliver = (channel: string, bytes: Buffer): void => {
      taken[channel]?.push(bytes.toString("latin1", 1, 1 + (bytes[0] ?? 0)));
      if (Object.values(taken).flat().length === 2 * messages.length) isComplete(taken);
    };
    const joined = joinBus({ kind: "none", peers }, bus, deliver, () => null);
    return { joined, all };
  });
  const ends = await Promise.all(complete.map(({ joined }) => joined));
  for (const end of ends) end.begin();
  for (const text of messages) {
    payload[0] = payload.write(text, 1);
    ends[0]?.publish("a", payload);
    ends[1]?.publish("b", payload);
  }
  for (const { all } of complete) expect(await all).toEqual({ a: messages, b: messages });
  const counts = ends.map((end) => end.end());
  // What a server hands itself crosses nothing.
  expect(counts.map((count) => count.taken)).toEqual([200, 200, 400]);
  expect(counts.map((count) => count.repeated)).toEqual([0, 0, 0]);
  const bytes = counts.map((count) => count.bytes);
  const sum = (way: "down" | "up"): number => bytes.reduce((all, each) => all + each[way], 0);
  // Length, head, a channel of one letter, and the payload: 400 messages to two others each.
  expect(sum("up")).toBe(800 * (4 + 18 + 1 + 8));
  expect(sum("down")).toBe(sum("up"));
});
