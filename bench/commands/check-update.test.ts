import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { parseBaseline, readBaseline } from "../check/baseline.ts";
import type { Baseline } from "../check/baseline.ts";
import { needsOf } from "../check/needs.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { asFlag } from "../settings/naming.ts";
import type { Settings } from "../settings/config.ts";
import type { Phase, Trial } from "../results/schema.ts";
import { updateBaseline } from "./check-update.ts";

const { deliveries } = phaseOf();

/** Updates what is in the folder by trials of these variants; resolves with the exit code. */
async function updated(
  folder: TemporaryFolder,
  given: Settings & { readonly transports: readonly string[] },
  {
    isPart = true,
    check = {},
    phase = {},
    trial = {},
  }: {
    readonly isPart?: boolean;
    readonly check?: CheckSettings;
    readonly phase?: Partial<Phase>;
    readonly trial?: Partial<Trial>;
  } = {},
): Promise<number> {
  const path = join(folder.path, "b.json");
  const settings = { scenarios: ["latency"], quiet: true, ...given };
  const needs = await needsOf(check, settings, asFlag, { target: null, broker: null, isPart });
  const trials = given.transports.map((variant) =>
    trialOf(variant, { phases: [{ ...phaseOf(), ...phase }], ...trial }),
  );
  const results = resultsOf(trials);
  results.environment.software.versions["node"] = process.versions.node;
  return updateBaseline(needs, check, {
    path,
    known: await readBaseline(path),
    isPart,
    measure: async () => results,
  });
}

async function kept(folder: TemporaryFolder): Promise<Baseline> {
  const path = join(folder.path, "b.json");
  return parseBaseline(await readFile(path, "utf8"), path);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a baseline that is recreated in part", () => {
  it("keeps the lines of what wasn't played, whatever they were", async () => {
    using folder = new TemporaryFolder();
    await updated(folder, { transports: ["sse", "websocket"] });
    const before = await kept(folder);
    await updated(folder, { transports: ["sse"] }, { phase: { name: "other" } });
    const after = await kept(folder);
    expect(after.counted["websocket"]).toEqual(before.counted["websocket"]);
    expect(Object.keys(after.counted["sse"]?.["latency"] ?? {})).toEqual(["other"]);
    expect(after.scenarios).toEqual(before.scenarios);
  });

  it("loses what isn't run any more when it is recreated as a whole", async () => {
    using folder = new TemporaryFolder();
    await updated(folder, { transports: ["sse", "websocket"] });
    await updated(folder, { transports: ["sse@1s"] }, { isPart: false });
    expect(Object.keys((await kept(folder)).counted)).toEqual(["sse@1s"]);
  });

  it("is refused where what stays was measured otherwise, before anything is measured", async () => {
    using folder = new TemporaryFolder();
    await updated(folder, { transports: ["sse", "websocket"] });
    const text = await readFile(join(folder.path, "b.json"), "utf8");
    await expect(updated(folder, { transports: ["sse"], clients: 3 })).rejects.toThrow(
      /^--update: websocket\.latency was measured with clients \d+, which is now 3; recreate all of \S+/,
    );
    expect(await readFile(join(folder.path, "b.json"), "utf8")).toBe(text);
    // Nothing stays of the same scenario.
    expect(await updated(folder, { transports: ["sse", "websocket"], clients: 3 })).toBe(0);
  });
});

describe("what a check would fail by itself becomes no baseline", () => {
  const sse = { transports: ["sse"] };

  it.each<[string, Partial<Phase>]>([
    ["lost is 44", { deliveries: { ...deliveries, lost: 44 } }],
    ["duplicated is 1", { deliveries: { ...deliveries, duplicated: 1 } }],
    ["disconnected is 2", { disconnected: 2 }],
  ])("%s", async (text, phase) => {
    using folder = new TemporaryFolder();
    const refused = updated(folder, sse, { phase });
    await expect(refused).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining(`was not written: sse.latency.steady.${text} in trial 1`),
    });
    expect(await readBaseline(join(folder.path, "b.json"))).toBeNull();
    // Unless its user has said that it doesn't matter.
    const check = { gates: ["!lost", "!duplicated", "!disconnected"] };
    expect(await updated(folder, sse, { phase, check })).toBe(0);
  });

  it("a budget that is broken", async () => {
    using folder = new TemporaryFolder();
    const check = { budgets: ["bytesPerMessage <= 1"], gates: ["!*"] };
    await expect(updated(folder, { transports: ["sse"], trials: 1 }, { check })).rejects.toThrow(
      /was not written: over budget: bytesPerMessage <= 1 \(19 B in the worst trial\)/,
    );
  });

  it("a cell of which the machine has invalidated every trial, and that can't be judged", async () => {
    using folder = new TemporaryFolder();
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const trial = { outcome: { status: "invalid" } } as const;
    expect(await updated(folder, sse, { trial })).toBe(3);
    expect(told.mock.calls.join("")).toMatch(
      /was not written, because the result is inconclusive: sse\.latency/,
    );
    expect(await readBaseline(join(folder.path, "b.json"))).toBeNull();
  });
});
