import { describe, expect, it } from "vitest";
import { EmptyProbe } from "../bench/plan/empty-probe.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { cures, curesFor } from "./proxy-cures.ts";
import { proxyFaultKinds } from "./proxy-faults.ts";
import { proxy } from "./proxy.ts";
import type { Asked, ProbeVerbs } from "./scenario.ts";

const maxIdleMs = 2_000;

it("finds nothing where a proxy does nothing, and says of each fault that it looked", async () => {
  const stage = new ScriptedStage({ maxIdleMs });
  await proxy.play(stage);
  for (const kind of proxyFaultKinds) {
    expect(stage.stated(`found.${kind}`)).toMatchObject({ unit: "text", value: null });
    expect(stage.value(`cure.${kind}`)).toBeNull();
  }
  expect(stage.stated("idle")).toMatchObject({ value: 5_000, bound: "at least" });
});

it("waits first, measures then, and has the proxy reload last", async () => {
  const stage = new ScriptedStage({ maxIdleMs });
  await proxy.play(stage);
  const { calls } = stage;
  expect(calls.indexOf("idle 1000 ms")).toBeLessThan(calls.indexOf("phase events"));
  expect(calls.filter((call) => call.startsWith("phase "))).toEqual([
    "phase events",
    "phase asked",
    "phase messages",
    "phase reload",
  ]);
});

it("looks for no silence of who polls at an interval", async () => {
  const transport = { delivery: "pull", pollIntervalMs: 1_000 } as const;
  const stage = new ScriptedStage({ maxIdleMs, transport });
  await proxy.play(stage);
  expect(stage.stated("idle")).toMatchObject({ value: null, note: expect.any(String) });
  expect(stage.stated("gone.server")).toMatchObject({ value: null });
});

const answer: Asked = {
  status: 502,
  reason: "Bad Gateway",
  fields: {},
  headBytes: 0,
  bodyBytes: 0,
  headNs: 0,
  bodyNs: null,
};

/** Clients that all is well with, but for what is said here. */
function probing(otherwise: (empty: EmptyProbe) => Partial<ProbeVerbs>): ProbeVerbs {
  const empty = new EmptyProbe();
  return {
    open: async () => empty.open(),
    heard: async (id) => empty.heard(id),
    close: async (id) => empty.close(id),
    ask: async () => null,
    ...otherwise(empty),
  };
}

it("tells by what clients are refused, after several attempts, and no more than that", async () => {
  const probe = probing(() => ({
    open: async () => ({ id: 0, dialledNs: 0, readyNs: null, refusal: "status 502" }),
    ask: async () => answer,
  }));
  const stage = new ScriptedStage({ maxIdleMs, probe });
  await proxy.play(stage);
  expect(stage.value("refused")).toBe("502 Bad Gateway");
  expect(stage.value("found.refused")).toBe("clients are refused: 502 Bad Gateway");
  expect(stage.stated("first")).toMatchObject({ value: null, note: "no connection" });
  expect(stage.calls.filter((call) => call === "open proxy")).toHaveLength(3);
});

describe("cures", () => {
  it("are tried in the order of what a developer can do, and only where they may help", () => {
    expect(curesFor("buffered", { pads: true }).map(({ name }) => name)).toEqual([
      "X-Accel-Buffering: no",
      "Cache-Control: no-cache, no-transform",
      "Content-Type: text/event-stream",
      "2 KiB of padding at the beginning",
      "64 KiB of padding at the beginning",
    ]);
    expect(curesFor("buffered", { pads: false })).toHaveLength(3);
    expect(curesFor("refused", { pads: true })).toEqual([]);
  });

  it("are of faults that there are", () => {
    for (const { kinds } of cures)
      expect(proxyFaultKinds).toEqual(expect.arrayContaining([...kinds]));
  });

  it("are measured again, one after the other, until one helps", async () => {
    const publishes: { forMs: number; ratePerSecond?: number }[] = [];
    let isCured = false;
    const empty = new EmptyProbe();
    const ways: string[] = [];
    const probe = probing(() => ({
      open: async ({ through }) => {
        ways.push(through);
        return empty.open();
      },
      heard: async (id) => {
        const heard = empty.heard(id);
        const isHeld = ways[id] === "proxy" && !isCured;
        return isHeld ? { ...heard, arrivals: [] } : heard;
      },
      close: async (id) => empty.close(id),
    }));
    const stage = new ScriptedStage({
      maxIdleMs,
      probe,
      probed: {
        publish: async (sending) => {
          publishes.push(sending);
          empty.publish(sending);
        },
        answer: async ({ fields }) => {
          isCured = fields?.["Cache-Control"] !== undefined;
          return { pads: true };
        },
        leave: async () => empty.leave(),
      },
    });
    await proxy.play(stage);
    expect(stage.value("found.buffered")).toMatch(/^no event comes within 2 s/);
    expect(stage.value("cure.buffered")).toBe("Cache-Control: no-cache, no-transform");
    expect(stage.stated("added.latency")).toMatchObject({
      note: "with Cache-Control: no-cache, no-transform",
    });
  });
});
