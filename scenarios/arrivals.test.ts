import { describe, expect, it } from "vitest";
import { courseOf } from "./arrivals.ts";

const ms = 1e6;
const sentNs = Array.from({ length: 10 }, (_, index) => index * 100 * ms);

/** Those of the events that come, each at this time in milliseconds. */
function came(...atMs: readonly (number | null)[]): { sentNs: number; atNs: number }[] {
  return atMs.flatMap((at, index) =>
    at === null ? [] : [{ sentNs: sentNs[index] ?? 0, atNs: at * ms }],
  );
}

describe("how events came", () => {
  it("is one by one where each comes before the next is sent", () => {
    const arrivals = came(1, 101, 203, 301, 401, 502, 601, 701, 801, 909);
    expect(courseOf(arrivals, sentNs)).toEqual({
      firstMs: 1,
      burst: 1,
      gathered: 0,
      longestMs: 9,
      medianMs: 1,
      heldEvents: 0,
    });
  });

  it("is in bursts where several come at once that were sent apart", () => {
    const arrivals = came(500, 500.1, 500.2, 500.3, 500.4, 1_000, 1_000, 1_000, 1_000.2, 1_001);
    expect(courseOf(arrivals, sentNs)).toEqual({
      firstMs: 500,
      burst: 5,
      gathered: 1,
      longestMs: 500,
      medianMs: 300,
      heldEvents: 4,
    });
  });

  it("is late and yet one by one where all take the same time", () => {
    const arrivals = came(250, 350, 450, 550, 650, 750, 850, 950, 1_050, 1_150);
    expect(courseOf(arrivals, sentNs)).toMatchObject({
      firstMs: 250,
      burst: 1,
      gathered: 0,
      medianMs: 250,
      heldEvents: 2,
    });
  });

  it("counts one that came late behind others by itself", () => {
    const arrivals = came(1, 101, 240, 301, 401, 501, 601, 701, 801, 901);
    expect(courseOf(arrivals, sentNs)).toMatchObject({ burst: 1, longestMs: 40 });
  });

  it("is nothing where nothing comes, and all are held", () => {
    expect(courseOf([], sentNs)).toEqual({
      firstMs: null,
      burst: 0,
      gathered: 0,
      longestMs: null,
      medianMs: null,
      heldEvents: 9,
    });
  });

  it("begins with the first that comes, whichever that is", () => {
    expect(courseOf(came(null, null, 203), sentNs)).toMatchObject({ firstMs: 203, burst: 1 });
  });
});
