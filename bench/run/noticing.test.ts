import { expect, it } from "vitest";
import { noticingOf } from "./noticing.ts";

it("those who never notice come last", () => {
  const noticing = noticingOf(
    [
      { of: 3, endedNs: [130, 110] },
      { of: 2, endedNs: [120] },
    ],
    100,
  );
  expect(noticing).toMatchObject({ of: 5, count: 3 });
  expect([0, 0.2, 0.5, 0.6, 0.8, 1].map((q) => noticing.after(q))).toEqual([
    10,
    10,
    30,
    30,
    null,
    null,
  ]);
});

it("nobody notices where nobody is", () => {
  expect(noticingOf([{ of: 0, endedNs: [] }], 100).after(0.5)).toBeNull();
});
