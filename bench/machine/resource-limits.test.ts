import { describe, expect, it } from "vitest";
import { maxLineLength } from "../errors/error-lines.ts";
import {
  commandNeeds,
  exhaustedResource,
  programNeeds,
  measuringNeeds,
  processNeeds,
  resourceShortage,
} from "./resource-limits.ts";
import type { Allowed } from "./resource-limits.ts";

const unlimited: Allowed = { descriptors: null, threads: null, addressBytes: null };
const allowing = (limits: Partial<Allowed>): (() => Allowed) => {
  return () => ({ ...unlimited, ...limits });
};

describe("a shortage", () => {
  it("is none where nothing is limited, or just enough is allowed", () => {
    for (const needed of [programNeeds, commandNeeds, measuringNeeds, processNeeds]) {
      expect(resourceShortage(needed, allowing({}))).toBeNull();
      const threads = { left: needed.threads, most: 100, by: "ulimit -u" };
      expect(resourceShortage(needed, () => ({ ...needed, threads }))).toBeNull();
    }
  });

  it.each<[string, Partial<Allowed>, RegExp]>([
    ["descriptors", { descriptors: 110 }, /^too few file descriptors: 160 are .*110.*ulimit -n/],
    [
      "a user's threads",
      { threads: { left: 3, most: 30, by: "ulimit -u" } },
      /^too few processes: room for 52 .* 3 of 30 are left; raise ulimit -u$/,
    ],
    [
      "a container's threads",
      { threads: { left: 0, most: 64, by: "pids.max of the control group" } },
      /; raise pids.max of the control group$/,
    ],
    ["address space", { addressBytes: 4 * 2 ** 30 }, /^too little .*: 36 GiB .* 4 GiB .*ulimit -v/],
  ])("names the limit and what is needed, in a line: %s", (_, limits, line) => {
    const told = resourceShortage(measuringNeeds, allowing(limits));
    expect(told).toMatch(line);
    expect(`error: ${told}`.length).toBeLessThanOrEqual(maxLineLength);
  });

  it("is one of descriptors where the limits themselves can't be read for want of one", () => {
    const refused = (): Allowed => {
      throw Object.assign(new Error("open"), { code: "EMFILE" });
    };
    expect(resourceShortage(programNeeds, refused)).toMatch(
      /no file descriptor is left.*ulimit -n/,
    );
  });
});

describe("what the system refuses", () => {
  it.each(["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"])("for a limit is told by it: %s", (code) => {
    expect(exhaustedResource(Object.assign(new Error(code), { code }))).toMatch(
      / (is left|can be started)/,
    );
  });

  it("for other reasons is no limit", () => {
    expect(exhaustedResource(Object.assign(new Error("x"), { code: "ENOENT" }))).toBeNull();
    expect(exhaustedResource("EMFILE")).toBeNull();
  });
});
