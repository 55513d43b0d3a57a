import { describe, expect, it } from "vitest";
import { fileNames } from "./png.ts";

describe("files of pictures", () => {
  const names = (...charts: string[]): string[] => fileNames(charts);

  it("are named after their charts", () => {
    expect(names("latency-percentiles", "latency-over-time")).toEqual([
      "latency-percentiles.png",
      "latency-over-time.png",
    ]);
  });

  it("have names that every file system bears, and none out of their folder", () => {
    expect(names("../../etc/passwd", "CON:a\\b\u0000", "漢字", "x".repeat(1_000))).toEqual([
      "etc-passwd.png",
      "con-a-b.png",
      "unnamed.png",
      `${"x".repeat(60)}.png`,
    ]);
  });

  it("don't overwrite each other", () => {
    expect(names("a", "A", "a/", "a-2")).toEqual(["a.png", "a-2.png", "a-3.png", "a-2-2.png"]);
  });
});
