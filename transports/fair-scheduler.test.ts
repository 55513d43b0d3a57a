import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { scheduleRoundRobin, isRoundOver } from "./fair-scheduler.ts";

function work(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

it("what many are owed is done in their order, with the event loop's turn after some of it", async () => {
  const clients = Array.from({ length: 100 }, (_, index) => index);
  const served: number[] = [];
  const inARound: number[] = [];
  for (const client of clients) {
    scheduleRoundRobin(() => {
      work(1);
      served.push(client);
    });
  }
  for (let before = 0; served.length < clients.length; before = served.length) {
    await setImmediate();
    inARound.push(served.length - before);
  }
  expect(served).toEqual(clients);
  // 10 ms of them.
  expect(Math.max(...inARound)).toBeLessThanOrEqual(11);
});

it("what is owed once more while it is served waits behind all others", async () => {
  const served: string[] = [];
  scheduleRoundRobin(() => {
    served.push("greedy");
    scheduleRoundRobin(() => served.push("greedy again"));
  });
  scheduleRoundRobin(() => served.push("modest"));
  while (served.length < 3) await setImmediate();
  expect(served).toEqual(["greedy", "modest", "greedy again"]);
});

it("a round is over when its time is, and the next begins in the next step of the event loop", async () => {
  while (isRoundOver()) await setImmediate();
  work(11);
  expect(isRoundOver()).toBe(true);
  await setImmediate();
  await setImmediate();
  // Unless this process got no time meanwhile.
  while (isRoundOver()) await setImmediate();
});
