import { beforeAll, expect, it } from "vitest";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { BusMeter } from "./bus-meter.ts";

beforeAll(() => initWebAssemblySync());

const noBytes = { down: 0, up: 0 };
const publisher = 7;

function taking(meter: BusMeter, ...numbers: readonly number[]): void {
  for (const number of numbers) meter.take({ publisher, number, publishedNs: 0 });
}

const rangesOf = (meter: BusMeter): unknown => meter.end(noBytes).books[0]?.taken;

it("what a server reads of a log before its first window belongs to that one", () => {
  using meter = new BusMeter(() => null);
  taking(meter, 1, 2, 3);
  meter.begin(noBytes);
  taking(meter, 4);
  expect(rangesOf(meter)).toEqual([{ publisher, ranges: [[1, 4]] }]);
  meter.begin(noBytes);
  taking(meter, 5);
  expect(rangesOf(meter)).toEqual([{ publisher, ranges: [[5, 5]] }]);
});

it("a server that was told what it had missed says so of its first window", () => {
  using meter = new BusMeter(() => null);
  meter.wasTold = true;
  const told = (): unknown => {
    meter.begin(noBytes);
    return meter.end(noBytes).books[0]?.wasTold;
  };
  expect([told(), told()]).toEqual([true, undefined]);
});
