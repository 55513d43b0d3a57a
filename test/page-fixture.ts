import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { html } from "../reports/html.tsx";
import { Pictures } from "../reports/charts/pictures.ts";
import { onlyRun } from "../reports/run.ts";
import {
  longPolling,
  overheadResults,
  resultsWith,
  shortPolling,
  websocket,
} from "./cost-fixture.ts";
import type { MadeUp } from "./cost-fixture.ts";
import { deliveredTrial } from "./latency-fixture.ts";
import { figureOf, trialOf } from "./results-fixture.ts";

// Results with something for every part of a page.

const sse: MadeUp = { ...websocket, name: "sse", framing: 22, heartbeats: { down: 10, up: 0 } };
const tcp: MadeUp = { ...websocket, name: "tcp", framing: 4, reference: true };

/** Push, polling of both kinds, and a floor. */
export const usualVariants: readonly MadeUp[] = [websocket, sse, shortPolling, longPolling, tcp];

/** Three scenarios; websocket has the lowest p50, and one invalid trial beside its valid ones. */
export function pageResults(variants: readonly MadeUp[] = usualVariants): Results {
  const overhead = overheadResults(variants);
  const others = variants.flatMap((variant, place) =>
    [1, 2, 3].flatMap((repetition) => [
      latencyTrial(variant, place, repetition),
      connectionsTrial(variant, place, repetition),
    ]),
  );
  const [first = websocket] = variants;
  const invalid: Trial = {
    ...latencyTrial(first, 9, 4),
    outcome: { status: "invalid" },
    warnings: [{ code: "steal", phase: "steady", detail: "2.7 % of processor time" }],
  };
  const all = [...others, invalid, ...overhead.trials];
  const scenarios = ["latency", "overhead", "connections"];
  return {
    ...resultsWith(variants, "latency", all),
    scenarios: scenarios.map((name) => ({
      name,
      summary: `What of ${name}?`,
      workload: "10 clients",
    })),
    cells: scenarios.flatMap((scenario) =>
      overhead.cells.map((cell) => Object.assign({}, cell, { scenario })),
    ),
  };
}

function latencyTrial({ name }: MadeUp, place: number, repetition: number): Trial {
  const ms = 2 ** place * (1 + repetition / 100);
  const trial = deliveredTrial(
    name,
    {
      latenciesMs: Array.from({ length: 1_200 }, (_, index) => ms * (1 + index / 400)),
      worstMs: [4 * ms, 5 * ms, 4 * ms],
      figures: {
        "delivery.p50": ms,
        "delivery.p90": 2 * ms,
        "delivery.p99": 3 * ms,
        "cpu.server": ms,
      },
    },
    { repetition },
  );
  return { ...trial, figures: trial.figures.map(asHeadline) };
}

function asHeadline(figure: Figure): Figure {
  return figure.key === "delivery.p50" ? { ...figure, headline: true } : figure;
}

function connectionsTrial({ name }: MadeUp, place: number, repetition: number): Trial {
  const at = (key: string, table: string, scale: number): Figure[] =>
    [250, 500, 1_000].map((clients) =>
      figureOf(`${key}.at${clients}`, (scale + clients / 100) * (1 + repetition / 100), {
        table,
        label: String(clients),
        unit: key === "memory" ? "count" : "ms",
      }),
    );
  return trialOf(name, {
    scenario: "connections",
    repetition,
    figures: [
      figureOf("held", 1_000, {
        unit: "count",
        better: "higher",
        bound: "at least",
        note: "not stopped",
      }),
      figureOf("stopped", "--max-connections", { unit: "text", better: "neither" }),
      figureOf("memory", 8_000 + 500 * place + 10 * repetition),
      ...at("memory", "MB of server memory", 90),
      ...at("broadcast", "time of a broadcast", 2 ** place),
    ],
  });
}

const pictures = new Pictures();

/** A page with its pictures. */
export function pageOf(results: Results): Promise<string> {
  return html.render(onlyRun(results), { draw: (chart) => pictures.draw(chart) });
}

/** The same where pictures can't be drawn, which takes most of the time: charts are drawn by the page itself. */
export function pageWithoutPicturesOf(results: Results): Promise<string> {
  return html.render(onlyRun(results), { draw: async () => null });
}
