import { expect, it } from "vitest";
import { histogramOf } from "../measure/histogram.ts";
import { phaseOf } from "../../test/results-fixture.ts";
import { busFigures } from "./bus-figures.ts";

const counts = { servers: 3, published: 100, refused: 0, repeated: 0 };

function values(bus: NonNullable<Parameters<typeof busFigures>[0][number]["bus"]>) {
  return Object.fromEntries(
    busFigures([{ ...phaseOf(), bus }]).map(({ key, value }) => [key, value]),
  );
}

it("says what crossed the bus, and what didn't", () => {
  const transit = histogramOf(Array.from({ length: 290 }, (_, index) => (index + 1) * 1_000));
  const deliveries = { unsent: 12, untaken: 4 };
  const broken = { ...counts, expected: 300, taken: 290, lost: 10, deliveries, transit };
  const found = values({ kind: "redis", ...broken, bytesDown: 90_000, bytesUp: 30_000 });
  expect(found).toMatchObject({ "bus.published": 100, "bus.taken": 290, "bus.lost": 10 });
  expect(found).toMatchObject({ "bus.unsent": 12, "bus.untaken": 4 });
  expect(found["bus.transit.p50"]).toBeCloseTo(145_000, -3);
  expect(found["bus.bytes"]).toBe(1_200);
});

it("counts a byte once that goes from one server to another", () => {
  const whole = { ...counts, expected: 200, taken: 200, lost: 0, transit: histogramOf([]) };
  const found = values({ kind: "none", ...whole, bytesDown: 60_000, bytesUp: 60_000 });
  expect(found["bus.bytes"]).toBe(600);
});

it("says nothing where one server serves alone", () => {
  expect(busFigures([phaseOf()])).toEqual([]);
});
