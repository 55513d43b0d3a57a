import { describe, expect, it } from "vitest";
import { Quieting } from "./link-quiet.ts";

/** After how many milliseconds of readings, one each millisecond, a link is quiet. */
function quietAfterMs(segmentsAt: (ms: number) => number): number {
  const startNs = 5e9;
  const quieting = new Quieting(startNs, segmentsAt(0));
  let ms = 1;
  while (!quieting.isOver(startNs + ms * 1e6, segmentsAt(ms))) ms += 1;
  return ms;
}

describe("a link is quiet", () => {
  it("after 60 ms in which nothing crossed it", () => {
    expect(quietAfterMs(() => 7)).toBe(60);
  });

  it("60 ms after the last acknowledgement that was held back", () => {
    expect(quietAfterMs((ms) => (ms < 44 ? 7 : 8))).toBe(104);
    expect(quietAfterMs((ms) => Math.min(9, 7 + Math.floor(ms / 50)))).toBe(160);
  });

  it("not before 200 ms, and no later, when something always does", () => {
    expect(quietAfterMs((ms) => ms)).toBe(200);
    expect(quietAfterMs((ms) => Math.floor(ms / 59))).toBe(200);
  });
});
