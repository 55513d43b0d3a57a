import { describe, expect, it } from "vitest";
import { factsOf, silent } from "../../test/facts-fixture.ts";
import { bytes, connectionCapacity, serversFor } from "./capacity.ts";
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

describe("many clients", () => {
  const large = factsOf({
    openFilesLimit: 20_000,
    openFilesHardLimit: 20_000,
    kernelLimits: [
      { name: "tracked connections", used: 144, most: 262_144, each: 1, setting: "sysctl -w this" },
      { name: "open files of the machine", used: 2_000, most: 2_466_170, each: 2, setting: "that" },
      { name: "memory", used: 1, most: 2, each: null, setting: "more" },
    ],
  });

  it("need as many servers as have descriptors for them", () => {
    expect(serversFor(19_960, large)).toBe(1);
    expect(serversFor(250_000, large)).toBe(13);
    expect(serversFor(250_000, factsOf(silent))).toBe(1);
  });

  it("are bound by what all of them take of the machine, with the setting that moves it", () => {
    const { most, boundBy, servers, loads, limits } = connectionCapacity(large, 13);
    // 16 GiB less 300 MiB and 24 processes of 60 MiB, at 64 KiB each.
    expect({ most, boundBy, servers, loads }).toEqual({
      most: 234_304,
      boundBy: "memory",
      servers: 13,
      loads: 13,
    });
    const known = limits.map((limit) => [limit.name, limit.most]);
    expect(known).toContainEqual(["descriptors of the servers", 259_480]);
    expect(known).toContainEqual(["tracked connections", 262_000]);
    expect(known).toContainEqual(["open files of the machine", 1_232_085]);
    expect(limits.find(({ name }) => name === "tracked connections")?.setting).toBe(
      "sysctl -w this",
    );
  });
});
