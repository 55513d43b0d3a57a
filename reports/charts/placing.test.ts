import { expect, it } from "vitest";
import { place } from "./placing.ts";
import type { Box } from "./placing.ts";

const area: Box = { left: 0, top: 0, right: 400, bottom: 300 };

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

it("puts a text to the right of its spot where there is room", () => {
  const [box] = place([{ x: 100, y: 100, width: 80, height: 20 }], area, []);
  expect(box).toEqual({ left: 114, top: 90, right: 194, bottom: 110 });
});

it("stays within the area in its corners", () => {
  for (const [x, y] of [
    [0, 0],
    [400, 0],
    [0, 300],
    [400, 300],
  ] as const) {
    const [box] = place([{ x, y, width: 80, height: 20 }], area, []);
    expect(box).not.toBeNull();
    expect(box?.left).toBeGreaterThanOrEqual(0);
    expect(box?.top).toBeGreaterThanOrEqual(0);
    expect(box?.right).toBeLessThanOrEqual(400);
    expect(box?.bottom).toBeLessThanOrEqual(300);
  }
});

it("keeps texts of spots that lie together apart", () => {
  const spots = Array.from({ length: 5 }, (_, index) => ({
    x: 200 + index,
    y: 150,
    width: 90,
    height: 34,
  }));
  const boxes = place(spots, area, []).filter((box) => box !== null);
  expect(boxes).toHaveLength(5);
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
  }
});

it("covers no line where it can stay beside it", () => {
  const line = Array.from({ length: 50 }, (_, index) => ({ x: index * 8, y: 100 }));
  const [box] = place([{ x: 100, y: 100, width: 80, height: 20 }], area, line);
  expect(box?.top === undefined || box.top > 100 || box.bottom < 100).toBe(true);
});

it("leaves out a text for which there is no room", () => {
  expect(place([{ x: 10, y: 10, width: 500, height: 20 }], area, [])).toEqual([null]);
});
