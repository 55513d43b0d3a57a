import { describe, expect, it } from "vitest";
import { crossingsOf, spaced } from "./crossings.ts";

const curve = (owner: string, at: (x: number) => number) => ({ owner, at });

describe("crossings", () => {
  it("are where one curve becomes the lower one", () => {
    const flat = curve("flat", () => 100);
    const rising = curve("rising", (x) => 5 * x);
    const [crossing, ...others] = crossingsOf([flat, rising], 1, 1_000);
    expect(crossing).toMatchObject({ lower: "flat", higher: "rising" });
    expect(crossing?.at).toBeCloseTo(20, 6);
    expect(crossing?.value).toBeCloseTo(100, 6);
    expect(others).toEqual([]);
  });

  it("are found for every pair, lowest position first", () => {
    const curves = [curve("a", (x) => x), curve("b", () => 10), curve("c", () => 100)];
    expect(crossingsOf(curves, 1, 1_000).map(({ at }) => Math.round(at))).toEqual([10, 100]);
  });

  it("are several where curves meet again", () => {
    const wave = curve("wave", (x) => Math.sin(Math.log(x)));
    const zero = curve("zero", () => 0);
    const found = crossingsOf([wave, zero], 2, 2_000);
    expect(found.map(({ at }) => Math.log(at) / Math.PI)).toEqual([
      expect.closeTo(1, 6),
      expect.closeTo(2, 6),
    ]);
  });

  it("are none outside the range, nor where curves are alike or only touch", () => {
    const flat = curve("flat", () => 100);
    expect(crossingsOf([flat, curve("rising", (x) => x)], 1, 50)).toEqual([]);
    expect(crossingsOf([flat, curve("same", () => 100)], 1, 50)).toEqual([]);
    const touching = curve("touching", (x) => 100 + Math.abs(Math.log(x / 5)));
    expect(crossingsOf([flat, touching], 1, 25)).toEqual([]);
  });
});

it("finds no crossing with what isn't known", () => {
  const known = { owner: "known", at: (position: number) => position };
  const unknown = { owner: "unknown", at: (position: number) => (position < 3 ? 2 : Number.NaN) };
  expect(crossingsOf([known, { ...unknown, at: () => Number.NaN }], 1, 10)).toEqual([]);
  expect(crossingsOf([known, unknown], 1, 10).map(({ at }) => Math.round(at))).toEqual([2]);
});

it("spaces positions evenly on a scale of decades, with both ends", () => {
  expect(spaced(1, 1_000, 4).map((x) => Number(x.toFixed(9)))).toEqual([1, 10, 100, 1_000]);
});
