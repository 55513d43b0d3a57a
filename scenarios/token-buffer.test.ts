import { describe, expect, test } from "vitest";
import { measuredTokens, nothingTogether } from "../test/measured-tokens-fixture.ts";
import type { Together } from "./scenario.ts";
import { bufferText, tokenBufferIn } from "./token-buffer.ts";

const ms = 1e6;
const push = { delivery: "push", pollIntervalMs: null, batchMs: 0 } as const;

function phase(together: Partial<Together>, { lateMs = 0.1, roundTripMs = 0.3 } = {}) {
  const answered = { requests: 100, answers: 100, expected: 6_000, received: 6_000 };
  const tokens = measuredTokens({
    ...answered,
    together: { ...nothingTogether, apart: 5_000, ...together },
  });
  return { tokens, minDeliveryNs: roundTripMs * ms, lateness: () => lateMs * ms };
}

/** As tokens at 80/s come through what lets them go every 500 ms. */
const held: Partial<Together> = {
  tokens: 4_700,
  groups: 150,
  largest: 41,
  longestNs: 512 * ms,
  held: { mean: 450 * ms, deviation: 60 * ms },
  bytes: { mean: 9_000, deviation: 4_000 },
};

describe("the detector of what holds tokens back", () => {
  test("finds it, and says how long, how many, and what lets them go", () => {
    const buffer = tokenBufferIn(phase(held), push);
    expect(buffer).toMatchObject({ longestMs: 512, largest: 41, by: "time" });
    expect(buffer && bufferText(buffer)).toBe(
      "tokens are held back, up to 512 ms, 41 at once, for 450 ms on average",
    );
  });

  test("says that it is bytes where groups have as many of them", () => {
    const bytes = { mean: 4_096, deviation: 200 };
    const times = { mean: 200 * ms, deviation: 90 * ms };
    const buffer = tokenBufferIn(phase({ ...held, held: times, bytes }), push);
    expect(buffer?.by).toBe("bytes");
  });

  test.each<[string, Partial<Together>, object?]>([
    ["nothing comes together", {}],
    ["a pause of the machine has some come together", { ...held, tokens: 900 }],
    ["tokens left late", held, { lateMs: 300 }],
    ["they are held for a moment", { ...held, held: { mean: 12 * ms, deviation: 3 * ms } }],
  ])("doesn't alarm where %s", (_why, together, times) => {
    expect(tokenBufferIn(phase(together, times), push)).toBeNull();
  });

  test("doesn't take batches and polls for it, but what holds tokens longer than these", () => {
    const batch = { ...push, batchMs: 20 };
    const poll = { delivery: "pull", pollIntervalMs: null, batchMs: 0 } as const;
    const short = { ...held, held: { mean: 35 * ms, deviation: 3 * ms } };
    expect(tokenBufferIn(phase(short), batch)).toBeNull();
    expect(tokenBufferIn(phase(held), batch)).not.toBeNull();
    expect(tokenBufferIn(phase(short, { roundTripMs: 40 }), poll)).toBeNull();
    expect(tokenBufferIn(phase(held), { ...poll, pollIntervalMs: 1_000 })).toBeNull();
  });

  test("knows nothing of phases without tokens", () => {
    expect(tokenBufferIn({ ...phase(held), tokens: null }, push)).toBeNull();
  });
});
