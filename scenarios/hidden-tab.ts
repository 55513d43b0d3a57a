import { latency } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, MeasuredPhase, Scenario, Stage, Ticked } from "./scenario.ts";

/** Browsers slow a tab down from the moment at which it is hidden; Chromium more so after 5 minutes. */
const settleMs = 500;

export const hiddenTab: Scenario = defineScenario({
  name: "hidden-tab",
  summary: "What a tab still does that nobody sees: messages, timers, fetches",
  workload: { clients: 1, ratePerSecond: 20, payloadBytes: 200 },
  measures: "time",
  trials: 1,
  usesTabs: true,
  onlyWhenNamed: true,
  transports: [
    "sse:browser",
    "streaming:browser",
    "long-polling:browser",
    "websocket:browser",
    "sse:firefox",
    "streaming:firefox",
    "long-polling:firefox",
    "websocket:firefox",
  ],
  describe: ({ clients, ratePerSecond }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, in a tab that is seen and then isn't`,
  async play(stage) {
    const { clients, browser } = stage;
    await clients.connect(stage.workload.clients);
    await browser.tabs(1);
    await stage.warmUp(() => stage.server.publish({ forMs: stage.workload.warmUpMs }));
    const seen = await watch(stage, "visible");
    await browser.showClients(false);
    const visibility = await browser.show({ tab: 0, isVisible: false });
    await stage.idle(settleMs);
    const unseen = await watch(stage, "hidden");
    await clients.disconnect();
    stage.figure({
      key: "visibility",
      label: "the page\nsays it is",
      unit: "text",
      better: "neither",
      value: visibility,
      about: "document.visibilityState of a tab that the browser was told to hide",
    });
    for (const figure of [...figuresOf(unseen, "hidden"), ...figuresOf(seen, "visible")]) {
      stage.figure(figure);
    }
  },
});

/** Several calls of a timer that is called once a second, as those of hidden tabs are. */
const leastTickMs = 3_000;

const tickShare = 0.6;

interface Watched {
  readonly phase: MeasuredPhase;
  readonly ticked: Ticked;
}

/**
 * Messages come to a client in one tab; then another, which is as visible, does what pages do by the clock. Not at the
 * same time: what it fetches is no part of what messages cost.
 */
async function watch(stage: Stage, name: string): Promise<Watched> {
  const { browser, server } = stage;
  const forMs = stage.workload.durationMs;
  const phase = await stage.phase(name, () => server.publish({ forMs }));
  const ticked = await browser.tick({ tab: 0, forMs: Math.max(leastTickMs, tickShare * forMs) });
  return { phase, ticked };
}

function figuresOf({ phase, ticked }: Watched, name: "visible" | "hidden"): Figure[] {
  const table = name === "hidden" ? {} : { table: "the same in a tab that is seen" };
  const perSecond = (count: number): number => (1_000 * count) / ticked.forMs;
  const rate = (key: string, label: string, count: number, about: string): Figure => ({
    key: `${name}.${key}`,
    label,
    ...table,
    unit: "per second",
    better: "neither",
    value: perSecond(count),
    about,
  });
  const late = (key: string, label: string, q: number): Figure => ({
    key: `${name}.${key}`,
    label,
    ...table,
    ...latency(phase.delivery(q)),
    phase: phase.name,
  });
  return [
    late("late.p50", "messages: half\nwithin (p50)", 0.5),
    late("late.p99", "99 % within\n(p99)", 0.99),
    ...ticked.timers.flatMap((timer): Figure[] => {
      const each = timer.everyMs < 1_000 ? `${timer.everyMs} ms` : `${timer.everyMs / 1_000} s`;
      const longest: Figure = {
        key: `${name}.timer.${timer.everyMs}`,
        label: `timer of ${each}:\nlongest wait`,
        ...table,
        unit: "ms",
        better: "lower",
        value: timer.longestMs,
        about:
          "the longest from one call of a setInterval to the next: how late a heartbeat may be",
      };
      return [longest];
    }),
    rate(
      "fetches",
      "fetches one\nafter another",
      ticked.fetches,
      "each asked for as soon as the answer before is there",
    ),
    rate("frames", "frames", ticked.frames, "calls of requestAnimationFrame"),
  ];
}
