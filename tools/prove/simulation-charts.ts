import type { Chart, Point, Series } from "../../reports/charts/chart.ts";
import { wilsonInterval, shareText } from "./share.ts";
import type { Share } from "./share.ts";
import { changes, noises } from "./simulation.ts";
import type { RuleRow, Simulation, Tally } from "./simulation.ts";
import { shapes } from "./world.ts";
import type { Shape } from "./world.ts";

/** What the rule finds in calm and in rough weather, and how often other rules cry wolf. */
export function simulationCharts(simulation: Simulation): Chart[] {
  return [
    foundChart("check-found-calm", shapes.calm, "scatter by 5 %", simulation),
    foundChart("check-found-rough", shapes.rough, "scatter by 5 %, drift and stall", simulation),
    alarmChart(simulation),
  ];
}

const scenario = "simulation";

function foundChart(
  name: string,
  shape: Shape,
  scatter: string,
  { unchanged, changed }: Simulation,
): Chart {
  const tallies = [...unchanged, ...changed].filter(({ world }) => world.shape === shape);
  const atAim = tallies.find(({ world }) => world.change === 0.2 && world.noise === 0.05);
  const found = atAim === undefined ? "n/a" : shareText(atAim.named);
  return {
    scenario,
    name,
    title: `+20 % is found in ${found} of all checks where trials ${scatter}`,
    caption: `How often p50 fails a check, over how much worse it is; at 0 that is a false alarm. Simulated trials: ${shape.name}. Bars are 95 % intervals.`,
    kind: "line",
    along: { title: "p50 is worse by, %", unit: "%", scale: "linear", names: [] },
    value: { title: "share of checks that fail, %", unit: "%", scale: "linear", names: [] },
    series: noises.map((noise, index) => foundSeries(noise, index, tallies)),
    notes: [
      "p50 fails where it is worse by more than its margin of 10 %, so a change of 10 % is on the edge.",
    ],
  };
}

function foundSeries(noise: number, index: number, tallies: readonly Tally[]): Series {
  const style = { colour: index, dash: index, marker: index };
  const points = [0, ...changes].flatMap((change) =>
    tallies
      .filter(({ world }) => world.noise === noise && world.change === change)
      .map(({ named }) => pointOf(100 * change, named)),
  );
  return { name: `noise ${(noise * 100).toFixed(0)} %`, style, points };
}

function alarmChart({ rules }: Simulation): Chart {
  const noisiest = (rule: RuleRow | undefined): string => {
    const share = rule?.falseAlarms.at(-1);
    return share === undefined ? "n/a" : shareText(share);
  };
  return {
    scenario,
    name: "check-false-alarms",
    title: `Pooling messages cries wolf in ${noisiest(rules[0])} of noisy checks, this rule in ${noisiest(rules.at(-1))}`,
    caption:
      "How often each rule fails a check where nothing has changed. Simulated trials with drift, heavy tails and stalls; bars are 95 % intervals.",
    kind: "dots",
    along: {
      title: "rule",
      unit: "",
      scale: "category",
      names: rules.map(({ rule }) => rule),
    },
    value: { title: "share of checks that fail, %", unit: "%", scale: "linear", names: [] },
    series: noises.map((noise, index) => ({
      name: `noise ${(noise * 100).toFixed(0)} %`,
      style: { colour: index, dash: 0, marker: index },
      points: rules.flatMap(({ falseAlarms }, row) => {
        const share = falseAlarms[index];
        return share === undefined ? [] : [pointOf(row, share)];
      }),
    })),
    notes: [],
  };
}

function pointOf(at: number, share: Share): Point {
  const { low, high } = wilsonInterval(share);
  return {
    at,
    value: (100 * share.hits) / share.total,
    interval: { low: 100 * low, high: 100 * high },
    detail: `${share.total} checks`,
    style: null,
  };
}
