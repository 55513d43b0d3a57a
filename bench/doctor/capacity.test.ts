import { describe, expect, it } from "vitest";
import { factsOf, silent } from "../../test/facts-fixture.ts";
import { bytes, connectionCapacity } from "./capacity.ts";
import type { Facts } from "./facts.ts";

const bindingOf = (overrides: Partial<Facts>): [number | null, string | null] => {
  const { most, boundBy } = connectionCapacity(factsOf(overrides));
  return [most, boundBy];
};

describe("how many clients can be held", () => {
  it.each<[string, number, Partial<Facts>]>([
    // 1024 less the process's own 40.
    ["descriptors of the server", 984, { openFilesLimit: 1_024, openFilesHardLimit: 1_024 }],
    // Too few ports for another address to be taken.
    ["ports", 150, { portRange: [40_000, 40_149] }],
    // One address, as on macOS.
    [
      "ports",
      28_232,
      { loopbackAddresses: 1, openFilesLimit: 1_048_576, openFilesHardLimit: null },
    ],
    // (1 GiB - 300 MiB) / 64 KiB
    ["memory", 11_584, { availableBytes: 2 ** 30 }],
    // 1 GiB / 16 KiB is more than its descriptors; half of it is less.
    ["heap of the server", 32_768, { heapBytes: 2 ** 29 }],
  ])("is bound by %s at %i", (name, most, overrides) => {
    expect(bindingOf(overrides)).toEqual([most, name]);
  });

  it("is bound by what --max-connections takes on a machine without limits", () => {
    const endless = {
      openFilesLimit: 2_000_000,
      openFilesHardLimit: null,
      availableBytes: 2 ** 40,
      heapBytes: 2 ** 36,
    };
    expect(bindingOf(endless)).toEqual([1_000_000, "--max-connections"]);
  });

  it("is never below none", () => {
    expect(bindingOf({ openFilesLimit: 20, openFilesHardLimit: 20 })[0]).toBe(0);
    expect(bindingOf({ availableBytes: 2 ** 20 })[0]).toBe(0);
  });

  it("is bound by what is known where the system tells little", () => {
    const { most, limits } = connectionCapacity(factsOf(silent));
    expect(most).toBe(257_344);
    expect(limits.filter((limit) => limit.most === null).map(({ name }) => name)).toEqual([
      "descriptors of the server",
      "descriptors of the clients",
      "ports",
    ]);
  });
});

it.each([
  [65_536, "64 KiB"],
  [300 * 2 ** 20, "300 MiB"],
  [23.54 * 2 ** 30, "23.5 GiB"],
])("%i bytes are %s", (value, text) => {
  expect(bytes(value)).toBe(text);
});
