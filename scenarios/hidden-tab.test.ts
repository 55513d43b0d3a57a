import { expect, it } from "vitest";
import { EmptyBrowser } from "../bench/plan/empty-browser.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { hiddenTab } from "./hidden-tab.ts";
import type { Ticked } from "./scenario.ts";

/** Once it is hidden, its timers are called once a second, and no frame is drawn. */
class SlowedBrowser extends EmptyBrowser {
  override async tick(how: { tab: number; forMs: number }): Promise<Ticked> {
    const ticked = await super.tick(how);
    const isSeen = ticked.visibility === "visible";
    return {
      ...ticked,
      timers: [{ everyMs: 100, count: isSeen ? 50 : 5, longestMs: isSeen ? 104 : 1_000 }],
      frames: isSeen ? 180 : 0,
      fetches: 600,
    };
  }
}

it("watches the same tab while it is seen, and then while it isn't", async () => {
  const stage = new ScriptedStage({
    browser: new SlowedBrowser(() => {}),
    workload: { clients: 1, durationMs: 5_000 },
  });
  await hiddenTab.play(stage);
  expect(stage.calls).toEqual([
    "connect 1",
    "warm-up",
    "  publish 20/s for 500 ms",
    "phase visible",
    "  publish 20/s for 5000 ms",
    "idle 500 ms",
    "phase hidden",
    "  publish 20/s for 5000 ms",
    "disconnect to 0",
  ]);
  expect(stage.value("visibility")).toBe("hidden");
  expect(stage.value("visible.timer.100")).toBe(104);
  expect(stage.value("hidden.timer.100")).toBe(1_000);
  expect(stage.value("visible.frames")).toBe(60);
  expect(stage.value("hidden.frames")).toBe(0);
  expect(stage.value("hidden.fetches")).toBe(200);
});

it("watches timers for as long as one of a second needs, however short the run is", async () => {
  const stage = new ScriptedStage({
    browser: new SlowedBrowser(() => {}),
    workload: { clients: 1, durationMs: 600 },
  });
  await hiddenTab.play(stage);
  // 600 in 3 s.
  expect(stage.value("visible.fetches")).toBe(200);
});
