import { expect, it } from "vitest";
import { HeadCounter } from "./head-counter.ts";

it("counts one head for what waits in a turn, and more for what is too long for it", () => {
  const counter = new HeadCounter(9, 100);
  const heads = [60, 40, 1, 100, 250].map((bytes) => counter.add(bytes, true));
  expect(heads).toEqual([9, 0, 9, 9, 18]);
});

it("counts what doesn't wait apart from what does", () => {
  const counter = new HeadCounter(22, 100);
  expect([false, false, true, true].map((waits) => counter.add(10, waits))).toEqual([22, 0, 22, 0]);
});

it("counts anew in each turn, and for each stream", async () => {
  const [one, other] = [new HeadCounter(9, 100), new HeadCounter(22, 100)];
  const heads = (): number[] => [one.add(1, true), one.add(1, true), other.add(1, true)];
  expect(heads()).toEqual([9, 0, 22]);
  await new Promise(setImmediate);
  expect(heads()).toEqual([9, 0, 22]);
});
