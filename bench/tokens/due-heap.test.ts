import { expect, test } from "vitest";
import { mersenne } from "pure-rand/generator/mersenne";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { DueHeap } from "./due-heap.ts";

test("what is due first comes first, whatever is added in between", () => {
  const random = mersenne(3);
  const heap = new DueHeap<{ dueNs: number }>();
  const left: number[] = [];
  for (let round = 0; round < 2_000; round += 1) {
    const dueNs = uniformInt(random, 0, 500);
    heap.add({ dueNs });
    left.push(dueNs);
    if (round % 3 === 0) {
      left.sort((one, other) => one - other);
      expect(heap.first?.dueNs).toBe(left.shift());
      heap.removeFirst();
    }
  }
  left.sort((one, other) => one - other);
  for (const dueNs of left) {
    expect(heap.first?.dueNs).toBe(dueNs);
    heap.removeFirst();
  }
  expect(heap.size).toBe(0);
});
