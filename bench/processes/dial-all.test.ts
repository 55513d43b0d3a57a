import { beforeAll, describe, expect, it } from "vitest";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { dialAll } from "./dial-all.ts";

beforeAll(() => initWebAssemblySync());

describe("dialling many clients", () => {
  it("keeps them in their order, whoever gets through first", async () => {
    const waiting: (() => void)[] = [];
    const dialling = dialAll(4, 4, async (index) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return 100 + index;
    });
    for (const getThrough of waiting.toReversed()) getThrough();
    expect(await dialling).toMatchObject({ connected: 4, cursors: [100, 101, 102, 103] });
  });

  it("leaves no gap for one that failed", async () => {
    const dialled = await dialAll(3, 3, async (index) => {
      if (index === 1) throw Object.assign(new Error("no more"), { code: "EMFILE" });
      return index;
    });
    expect(dialled).toMatchObject({ connected: 2, failures: { EMFILE: 1 }, cursors: [0, 2] });
  });
});
