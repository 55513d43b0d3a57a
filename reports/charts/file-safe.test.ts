import { describe, expect, it } from "vitest";
import { fileSafe } from "./file-safe.ts";

describe("a file-safe name", () => {
  it.each([
    ["latency", "latency"],
    ["20 msg/s, Entrée", "20-msg-s-entree"],
    ["../../etc/passwd", "etc-passwd"],
    ["a\u0000b\n<script>", "a-b-script"],
    ["--x--", "x"],
    ["", "unnamed"],
    ["мир / 世界", "unnamed"],
  ])("of %j is %s", (text, safe) => {
    expect(fileSafe(text)).toBe(safe);
  });

  it("is short, and doesn't end in a hyphen where it was cut", () => {
    expect(fileSafe(`${"a".repeat(59)} ${"b".repeat(500)}`)).toBe("a".repeat(59));
  });
});
