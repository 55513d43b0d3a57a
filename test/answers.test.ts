import { describe, expect, it } from "vitest";
import { Link } from "../bench/conformance/link.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { answering, ofAnswers } from "./layered-variants.ts";
import { transportContract } from "./transport-contract.ts";

for (const { transport, contract, clients } of answering) {
  transportContract(transport, contract, clients, ofAnswers);
}

describe.each(["sse+method=post", "streaming+method=post+h2c", "streaming+method=post+gzip"])(
  "%s in batches",
  (name) => {
    it("ends an answer behind what is gathered, at once", async () => {
      const { bound } = parseVariant(`${name}+batch=1s`);
      await using link = await Link.open(bound);
      await using alice = await link.connect({ asks: true });
      for (const count of [1, 2]) {
        alice.connection.send(Buffer.from("question"));
        await link.sentUp(count);
        for (const message of ["one", "two", "three"]) link.publish(message);
        link.server.complete?.("all");
        await alice.answered(count);
      }
      expect(alice.seen.answers).toEqual([3, 6]);
      // A batch for each answer.
      expect(alice.connection.cursor).toBe(2);
    });
  },
);

it("keeps heartbeats out of what is behind an answer", async () => {
  const { bound } = parseVariant("streaming+method=post+heartbeat=1ms");
  await using link = await Link.open(bound);
  await using alice = await link.connect({ asks: true });
  for (let count = 1; count <= 10; count += 1) {
    alice.connection.send(Buffer.from("question"));
    await link.sentUp(count);
    const before = link.listener.totals().attributions.heartbeats;
    const hasBeat = (): boolean => link.listener.totals().attributions.heartbeats > before + 1;
    await link.waiter.until("two heartbeats", hasBeat);
    link.publish(`answer ${count}`);
    link.server.complete?.("all");
    await alice.answered(count);
  }
  expect(alice.seen.received).toHaveLength(10);
});

it.each(["eventsource", "undici"])("refuses the client %s, which knows no POST", (client) => {
  expect(() => parseVariant(`sse:${client}+method=post`)).toThrow(
    `sse: ${client} asks for events with GET alone; clients that can have method=post are`,
  );
});
