import { expect, it } from "vitest";
import { kernelMemoryBytes, slabBytes } from "./kernel-memory.ts";

it("reads what the kernel holds in objects", () => {
  expect(slabBytes("MemTotal: 24683520 kB\nSlab:             366172 kB\n")).toBe(374_960_128);
  expect(slabBytes("")).toBeNull();
});

it.runIf(process.platform === "linux")("knows it of this machine", () => {
  expect(kernelMemoryBytes()).toBeGreaterThan(2 ** 20);
});
