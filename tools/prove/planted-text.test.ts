import { describe, expect, it } from "vitest";
import type { Detected } from "./detector.ts";
import { plantedText } from "./planted-text.ts";
import { Turns } from "./turns.ts";

const both: Detected = {
  held: { ms: 510, bytes: { atLeast: 3_962, atMost: 4_245 } },
  cutMs: 7_010,
};
const none: Detected = { held: null, cutMs: null };

function proofOf(found: readonly (Detected | Error)[], clean: readonly (Detected | Error)[]) {
  return plantedText({
    detector: "a detector",
    proxy: "nginx",
    planted: { hold: { bytes: 4_096, forMs: 500 }, idleTimeoutMs: 7_000 },
    found,
    clean,
    seconds: 60,
    command: "prove",
  });
}

describe("the proof of what was planted", () => {
  it("holds where all of it was found with its figures, and nothing else", () => {
    const { text, isProved } = proofOf([both, both], [none]);
    expect(isProved).toBe(true);
    expect(text).toContain("| 2 of 2");
  });

  it.each<[string, (Detected | Error)[], (Detected | Error)[]]>([
    ["a buffer is missed", [both, { ...both, held: null }], [none]],
    ["it is held too long", [{ ...both, held: { ms: 610, bytes: null } }], [none]],
    [
      "its bytes are others",
      [{ ...both, held: { ms: 500, bytes: { atLeast: 4_096, atMost: 4_300 } } }],
      [none],
    ],
    ["a cut-off is missed", [{ ...both, cutMs: null }], [none]],
    ["it comes at another time", [{ ...both, cutMs: 6_500 }], [none]],
    ["a buffer is imagined", [both], [none, { ...none, held: both.held }]],
    ["a cut-off is imagined", [both], [none, { ...none, cutMs: 7_000 }]],
    ["a server couldn't be asked where something is planted", [new Error("no")], [none]],
    ["one couldn't be asked where nothing is", [both], [new Error("no")]],
  ])("fails where %s", (_, found, clean) => {
    expect(proofOf(found, clean).isProved).toBe(false);
  });
});

describe("turns", () => {
  it("let so many work at once, in their order, whatever fails", async () => {
    const turns = new Turns(2);
    const ends: (() => void)[] = [];
    const began: number[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      turns.take(async () => {
        began.push(number);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (number === 0) throw new Error("no");
      }),
    );
    const settled = Promise.allSettled(all);
    expect(began).toEqual([0, 1]);
    while (began.length < 4) {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
      expect(ends.length).toBeLessThanOrEqual(2);
    }
    for (const end of ends) end();
    expect((await settled).map(({ status }) => status)).toEqual([
      "rejected",
      "fulfilled",
      "fulfilled",
      "fulfilled",
    ]);
    expect(began).toEqual([0, 1, 2, 3]);
  });
});
