import { describe, expect, it } from "vitest";
import { measuredTokens } from "../test/measured-tokens-fixture.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { nothingCrossed } from "../bench/measure/measured.ts";
import type { MeasuredPhase } from "./scenario.ts";
import { tokensResume } from "./tokens-resume.ts";

const workload = { clients: 10, ratePerSecond: 100, warmUpMs: 400, durationMs: 2_200 };

const cut = { answers: 10, lost: 0, prompts: 0, promptBytes: 0, again: 0, againBytes: 0 };

/** What was measured in a phase: a token less than half of 201 was there when it was cut. */
function measured(name: string): Partial<MeasuredPhase> {
  const bytes = (down: number): MeasuredPhase["wire"] => ({
    ...nothingCrossed,
    bytes: { down, up: 5_000 },
  });
  const whole = { requests: 10, answers: 10, expected: 2_010, received: 2_010 };
  const untilGoesOn = (): number => 150e6;
  if (name === "uncut") {
    return { wire: bytes(400_000), tokens: measuredTokens({ ...whole, meanAnswerNs: 2_210e6 }) };
  }
  if (name === "resumed") {
    const cuts = { ...cut, untilGoesOn };
    return {
      wire: bytes(405_000),
      tokens: measuredTokens({ ...whole, meanAnswerNs: 2_360e6, cuts }),
    };
  }
  if (name === "lost") {
    const cuts = { ...cut, lost: 10, untilGoesOn: () => null };
    const lost = { ...whole, answers: 0, received: 1_000, lost: 1_010 };
    return { wire: bytes(200_000), tokens: measuredTokens({ ...lost, cuts }) };
  }
  const cuts = { ...cut, again: 1_000, prompts: 10, untilGoesOn };
  return {
    wire: bytes(640_000),
    tokens: measuredTokens({ ...whole, again: 1_000, meanAnswerNs: 3_400e6, cuts }),
  };
}

describe("the tokens-resume scenario", () => {
  it("cuts answers at their half, in three ways, after one without a cut", async () => {
    const stage = new ScriptedStage({ workload });
    await tokensResume.play(stage);
    const connect = "connect 10 with channels of their own to prompt";
    const ask = "  prompt 4096 B 1 times: 201 tokens at 100/s as json, chained";
    const cutting = "  cut by reset after 1200 ms";
    expect(stage.calls).toEqual([
      "come back fixed",
      connect,
      "warm-up",
      "  prompt 4096 B 10 times: 5 tokens at 100/s as json, chained",
      "phase uncut",
      ask,
      "disconnect to 0",
      "come back fixed, with resume",
      connect,
      "phase resumed",
      `${ask}, at a cut resume`,
      cutting,
      "disconnect to 0",
      "come back fixed",
      connect,
      "phase from the start",
      `${ask}, at a cut again`,
      cutting,
      "disconnect to 0",
      "come back fixed",
      connect,
      "phase lost",
      `${ask}, at a cut lose`,
      cutting,
      "disconnect to 0",
    ]);
  });

  it("tells the time and bytes that a cut costs, against answers that weren't cut", async () => {
    const stage = new ScriptedStage({ workload, measured });
    await tokensResume.play(stage);
    expect([stage.value("resume.later"), stage.value("again.later")]).toEqual([150e6, 1_190e6]);
    expect([stage.value("resume.bytes"), stage.value("again.bytes")]).toEqual([500, 24_000]);
    expect(stage.value("lose.bytes")).toBe(-20_000);
    expect(stage.stated("lose.later")).toBeUndefined();
  });

  it("counts what is lost and what comes once more of each answer", async () => {
    const stage = new ScriptedStage({ workload, measured });
    await tokensResume.play(stage);
    expect([stage.value("resume.lost"), stage.value("lose.lost")]).toEqual([0, 101]);
    expect([stage.value("resume.repeated"), stage.value("again.repeated")]).toEqual([0, 100]);
    expect([stage.value("resume.whole"), stage.value("lose.whole")]).toEqual([10, 0]);
  });

  it("tells of polls, which cut no answer, all but when tokens went on", async () => {
    const asked = { requests: 10, answers: 10, expected: 2_010, received: 2_010 };
    const stage = new ScriptedStage({
      workload,
      measured: (name) => ({
        tokens: measuredTokens({ ...asked, meanAnswerNs: name === "uncut" ? 2_210e6 : 2_215e6 }),
      }),
    });
    await tokensResume.play(stage);
    expect(stage.stated("resume.goesOn.p50")?.note).toBe("too few answers were cut");
    expect([stage.value("resume.cut"), stage.value("resume.later")]).toEqual([0, 5e6]);
    expect([stage.value("lose.lost"), stage.value("lose.whole")]).toEqual([0, 10]);
  });

  it("says where nothing came whole", async () => {
    const stage = new ScriptedStage({ workload });
    await tokensResume.play(stage);
    expect(stage.stated("resume.later")).toMatchObject({
      value: null,
      note: "no answer came whole",
    });
  });
});
