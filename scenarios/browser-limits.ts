import { limitFigures } from "./browser-limit-figures.ts";
import type { FilledTab } from "./browser-limit-figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** Tabs after which it is looked how many streams are open. */
const tabCounts = [1, 2, 4, 8] as const;

/**
 * What opens does so in a few milliseconds on one machine, and in less than 100 when it is busy. One that waits is
 * watched on until the end, so that one that was only slow is counted then.
 */
const waitMs = 300;

/** The first tab tells a limit that nothing else has told yet. */
const firstMs = 1_000;

/** No browser opens as many, where it limits them at all. */
const atMost = 600;

export const browserLimits: Scenario = defineScenario({
  name: "browser-limits",
  summary: "How many streams a browser opens over all its tabs, and what the next one does",
  workload: { clients: 1, ratePerSecond: 10, payloadBytes: 64 },
  measures: "time",
  trials: 1,
  usesTabs: true,
  // A browser has many processes.
  trialsAtOnce: 2,
  onlyWhenNamed: true,
  transports: [
    "sse:browser",
    "streaming:browser",
    "long-polling:browser",
    "websocket:browser",
    "sse:browser+h2",
    "streaming:browser+h2",
    "long-polling:browser+h2",
    "websocket:browser+h2",
    "sse:firefox",
    "streaming:firefox",
    "long-polling:firefox",
    "websocket:firefox",
    "sse:firefox+h2",
    "streaming:firefox+h2",
    "long-polling:firefox+h2",
    "websocket:firefox+h2",
  ],
  describe: () =>
    `streams in 1 to ${tabCounts.at(-1)} tabs of one browser, until none opens any more`,
  async play(stage) {
    const { browser } = stage;
    const tabs = await fillTabs(stage);
    const last = tabs.length - 1;
    const [same, other] = await Promise.all([
      browser.fetch({ tab: last, origin: "same", waitMs: askMs }),
      browser.fetch({ tab: last, origin: "other", waitMs: askMs }),
    ]);
    const open = await browser.open();
    // One that waits goes first; where none does, the tab that was full first opens one more.
    const waiting = tabs.findIndex(({ opened, next }) => opened > 0 && next?.how === "waits");
    const closed = await browser.closeFirst({ tab: Math.max(0, waiting), waitMs: closeMs });
    await browser.giveUp();
    // Not while others wait: Firefox connects one WebSocket after the other to an address, whatever its name.
    const elsewhere = await browser.fillUp({
      tab: last,
      origin: "other",
      atMost: 1,
      waitMs: closeMs,
    });
    await browser.giveUp();
    const afterwards = await browser.open();
    // Nothing is measured of it but who gets it.
    await stage.warmUp(() => stage.server.publish({ forMs: 100 }));
    const { streams, letInMs } = await browser.heard();
    const figures = limitFigures({
      tabs,
      same,
      other,
      elsewhere,
      open,
      letInMs: closed ?? letInMs,
      afterwards,
      heard: streams,
    });
    for (const figure of figures) stage.figure(figure);
  },
});

/** An answer that doesn't wait is there in a few milliseconds. */
const askMs = 1_000;

/** Chromium has a WebSocket wait for up to 5 s where others have failed just before. */
const closeMs = 6_000;

/** Fills one tab after the other, so that what the ones before have opened stays open. */
async function fillTabs({ browser }: Stage): Promise<FilledTab[]> {
  const tabs: FilledTab[] = [];
  for (const count of tabCounts) {
    await browser.tabs(count);
    while (tabs.length < count)
      tabs.push(
        await browser.fillUp({
          tab: tabs.length,
          atMost,
          waitMs: tabs.length === 0 ? firstMs : waitMs,
        }),
      );
  }
  return tabs;
}
