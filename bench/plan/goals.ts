import type { Figure } from "../../scenarios/scenario.ts";
import type { Config } from "../settings/config.ts";
import type { Naming } from "../settings/naming.ts";
import { knownAre, nearest, usageError } from "../errors/errors.ts";
import { planTrial, variantsIn } from "./plan.ts";
import { rehearse } from "./rehearsal.ts";

/** The figure that must become precise in one cell. */
export interface Goal {
  readonly scenario: string;
  readonly variant: string;
  readonly key: string;
}

/**
 * The figures that `--precision` applies to, found by rehearsing every cell: the one that `--metric` names, wherever
 * it is stated, else each scenario's headline. Throws a `BenchError` when there is no such figure.
 */
export async function goalsOf(config: Config, naming: Naming): Promise<Goal[]> {
  const { precision } = config;
  if (precision === null) return [];
  const rehearsed = await Promise.all(
    config.scenarios.flatMap((scenario) =>
      variantsIn(scenario, config).map(async (variant) => {
        const { figures } = await rehearse(planTrial(scenario, config, variant, 1));
        return { scenario: scenario.name, variant: variant.name, figures };
      }),
    ),
  );
  const { metric } = precision;
  const isMeant = (figure: Figure): boolean =>
    metric === null ? figure.headline === true : figure.key === metric;
  const goals = rehearsed.flatMap(({ scenario, variant, figures }) => {
    const figure = figures.find((stated) => isMeant(stated) && stated.unit !== "text");
    return figure === undefined ? [] : [{ scenario, variant, key: figure.key }];
  });
  if (goals.length > 0) return goals;
  const all = rehearsed.flatMap(({ figures }) => figures);
  const known = [...new Set(all.filter(({ unit }) => unit !== "text").map(({ key }) => key))];
  throw usageError(complaint(metric, all, known, naming));
}

function complaint(
  metric: string | null,
  all: readonly Figure[],
  known: readonly string[],
  naming: Naming,
): string {
  const list = knownAre(known);
  if (metric === null) {
    return `${naming("precision")}: no scenario of this run has a headline figure; ${naming("metric")} names one, ${list}`;
  }
  const isText = all.some(({ key }) => key === metric);
  const why = isText
    ? "is a text, which has no interval"
    : "is not a figure of this run's scenarios";
  return `${naming("metric")}: "${metric}" ${why}; ${nearest(metric, known)}${list}`;
}
