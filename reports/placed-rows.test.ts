import { describe, expect, it } from "vitest";
import { placedRows } from "./placed-rows.ts";

describe("the base of a row", () => {
  const rows = ["before", "after"].flatMap((run) =>
    ["ws", "ws+tls", "sse"].map((variant) => ({
      variant,
      transport: variant.slice(0, 2),
      reference: false,
      run,
    })),
  );
  const bases = (picked: string | null): (string | null)[] =>
    placedRows(rows, picked).map(
      ({ against }) => against && `${against.row.variant} ${against.row.run}`,
    );

  it("is that of its group, in its own run", () => {
    expect(bases(null)).toEqual([null, "ws before", null, null, "ws after", null]);
  });

  it("is the one that was picked for all others", () => {
    expect(bases("sse").slice(0, 3)).toEqual(["sse before", "sse before", null]);
  });

  it("is none where the run doesn't have it", () => {
    expect(placedRows(rows.slice(1, 4), "ws").map(({ against }) => against)).toEqual([
      null,
      null,
      null,
    ]);
  });
});
