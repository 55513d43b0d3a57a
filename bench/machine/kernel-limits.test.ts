import { describe, expect, it } from "vitest";
import { kernelLimits, limitsIn, usedUp } from "./kernel-limits.ts";
import type { KernelTexts } from "./kernel-limits.ts";

const texts: KernelTexts = {
  conntrackCount: "1200\n",
  conntrackMax: "262144\n",
  tcpMem: "287898\t383867\t575796\n",
  sockstat: "sockets: used 1111\nTCP: inuse 1011 orphan 0 tw 0 alloc 1213 mem 76\n",
  fileNr: "2603\t0\t2466170\n",
  meminfo: "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\n",
};

const namesOf = (given: Partial<KernelTexts>): string[] =>
  limitsIn({ ...texts, ...given }).map(({ name }) => name);

describe("the kernel's limits", () => {
  it("are read with what is used of them", () => {
    const found = limitsIn(texts).map(({ name, used, most }) => [name, used, most]);
    expect(found).toEqual([
      ["tracked connections", 1_200, 262_144],
      ["TCP memory", 76, 575_796],
      ["open files of the machine", 2_603, 2_466_170],
      ["memory", 600, 1_000],
    ]);
  });

  it("don't include what isn't reported, or tracking where nothing is tracked", () => {
    expect(namesOf({ conntrackCount: "0\n" })).not.toContain("tracked connections");
    expect(namesOf({ conntrackMax: null })).not.toContain("tracked connections");
    expect(namesOf({ tcpMem: null })).not.toContain("TCP memory");
    expect(namesOf({ meminfo: null })).not.toContain("memory");
  });

  it("are used up shortly before the last", () => {
    expect(usedUp(limitsIn(texts))).toBeUndefined();
    expect(usedUp(limitsIn({ ...texts, conntrackCount: "256000\n" }))?.name).toBe(
      "tracked connections",
    );
    expect(usedUp(limitsIn({ ...texts, sockstat: "TCP: inuse 1 mem 570000\n" }))?.name).toBe(
      "TCP memory",
    );
  });

  it.runIf(process.platform === "linux")("of this machine are known", () => {
    expect(kernelLimits().map(({ name }) => name)).toContain("memory");
  });
});
