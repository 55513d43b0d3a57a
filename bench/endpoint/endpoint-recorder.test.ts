import { beforeAll, describe, expect, it } from "vitest";
import { endpointOf } from "../measure/measured-endpoint.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import type { Watched } from "./answer-watch.ts";
import { EndpointRecorder } from "./endpoint-recorder.ts";

beforeAll(() => initWebAssemblySync());

const ms = 1e6;

/** An answer whose tokens came so many milliseconds after it was asked for. */
function answer(tokensMs: readonly number[], given: Partial<Watched> = {}): Watched {
  return {
    dueNs: null,
    sentNs: 0,
    firstByteNs: 40 * ms,
    tokensNs: tokensMs.map((at) => at * ms),
    reads: tokensMs.map(() => 1),
    groups: [],
    asides: ["role", "finish"],
    bytesDown: 1_000,
    bytesUp: 300,
    failure: null,
    header: () => undefined,
    ...given,
  };
}

function recorded(answers: readonly Watched[], hasDueTimes = false): ReturnType<typeof endpointOf> {
  using recorder = new EndpointRecorder((text) => text.replaceAll("sk-1", "***"), hasDueTimes);
  for (const one of answers) recorder.take(one);
  return endpointOf(recorder.recorded());
}

/** To three digits, as histograms keep them. */
function close(value: number | null): number {
  return Math.round((value ?? -1) / 1e5) / 10;
}

describe("what is recorded of answers", () => {
  it("is reckoned from when they were asked for", () => {
    const { firstByte, firstToken, gaps, pace, ...counts } = recorded([
      answer([50, 70, 70, 400]),
      answer([60, 80, 100, 120], { reads: [2, 2] }),
    ]);
    expect(close(firstByte.longestNs)).toBeCloseTo(40, 0);
    expect(close(firstToken.medianNs)).toBeCloseTo(50, 0);
    expect(close(firstToken.longestNs)).toBeCloseTo(60, 0);
    expect(gaps.count).toBe(6);
    expect(close(gaps.medianNs)).toBeCloseTo(20, 0);
    expect(close(gaps.longestNs)).toBeCloseTo(330, -1);
    // 350 ms for three tokens, and 60.
    expect(close(pace.medianNs)).toBeCloseTo(20, 0);
    expect(counts).toMatchObject({
      requests: 2,
      whole: 2,
      tokens: 8,
      stalls: 1,
      reads: 6,
      mostInRead: 2,
      bytes: { down: 2_000, up: 600 },
      asides: { role: 2, finish: 2 },
      wait: null,
    });
  });

  it("charges what was due earlier to the wait", () => {
    const late = answer([150], { dueNs: 0, sentNs: 100 * ms, firstByteNs: 140 * ms });
    const { wait, firstToken, firstTokenDue } = recorded([late], true);
    expect(close(wait?.longestNs ?? null)).toBeCloseTo(100, 0);
    expect(close(firstToken.longestNs)).toBeCloseTo(50, 0);
    expect(close(firstTokenDue?.longestNs ?? null)).toBeCloseTo(150, 0);
  });

  it("has failures by kind, with what was said first and without secrets, and none of their tokens", () => {
    const cut = answer([50, 60], { failure: { kind: "cut", detail: "by\u001b[2J sk-1" } });
    const again = answer([50], { failure: { kind: "cut", detail: "other" } });
    const { failed, said, tokens, whole } = recorded([cut, again]);
    expect([failed, tokens, whole]).toEqual([{ cut: 2 }, 0, 0]);
    expect(said).toEqual({ cut: String.raw`by\u001b[2J ***` });
  });

  it("keeps the fields by which a proxy is known, and the pieces of the first answers", () => {
    const fields: Readonly<Record<string, string>> = { server: "nginx", "set-cookie": "a=sk-1" };
    const groups = [{ tokens: 4, bytes: 400, quietMs: 20, isWhole: true }];
    const header = (name: string): string | undefined => fields[name];
    const all = Array.from({ length: 30 }, () => answer([50], { groups, header }));
    const measured = recorded(all);
    expect(measured.fields).toEqual({ server: "nginx" });
    expect(measured.groups).toHaveLength(20);
    expect(measured.groups.at(-1)).toEqual({ answer: 19, ...groups[0] });
  });
});
