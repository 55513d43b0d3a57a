import { expect, it } from "vitest";
import { phaseOf } from "../../test/results-fixture.ts";
import { apartNs, clockBoundIn } from "./clock-apart.ts";

const clocks = [
  { host: "counts", offsetNs: 0, boundNs: 0, driftPpm: 0 },
  { host: "near", offsetNs: 5e12, boundNs: 10, driftPpm: 1 },
  { host: "far", offsetNs: -3, boundNs: 40, driftPpm: 0 },
];

it("adds the bounds of who sends and of who receives, and takes the largest sum", () => {
  expect(apartNs(clocks, { from: ["counts"], to: ["near", "far"] })).toBe(40);
  expect(apartNs(clocks, { from: ["near"], to: ["near", "far"] })).toBe(50);
});

it("is nothing on one host, whose processes share a clock", () => {
  expect(apartNs(clocks, { from: ["far"], to: ["far"] })).toBeNull();
});

it("gives a figure the bound of its phase, or the largest of all where it is of none", () => {
  const phases = [
    phaseOf({ name: "steady", clockBoundNs: 7 }),
    phaseOf({ name: "changing", clockBoundNs: 9 }),
    phaseOf({ name: "echoed" }),
  ];
  expect(clockBoundIn(phases, "steady")).toEqual({ clockBoundNs: 7 });
  expect(clockBoundIn(phases)).toEqual({ clockBoundNs: 9 });
  expect(clockBoundIn(phases, "echoed")).toEqual({});
});
