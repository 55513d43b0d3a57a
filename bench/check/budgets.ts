import { shortListing } from "../text/format.ts";
import { BenchError, knownAre, nearest, usageError } from "../errors/errors.ts";
import type { BudgetOutcome, ComparedMetric } from "../results/comparison.ts";
import { fullName, namesOf } from "../verdict/cell-metrics.ts";
import type { CellMetric } from "../verdict/cell-metrics.ts";

/** An absolute limit that a user states. */
export interface Budget {
  /** The budget as it was written. */
  readonly text: string;
  /** Any of the names of a metric, such as `sse.overhead.bytesPerMessage` or `loss`. */
  readonly subject: string;
  readonly operator: BudgetOutcome["operator"];
  readonly amount: number;
  /** Empty where none was written. */
  readonly unit: string;
}

const form = /^(\S(?:.*?[^\s<>=])?)\s*(<=|>=|==|<|>)\s*(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)$/;
const operators: readonly BudgetOutcome["operator"][] = ["<=", "<", ">=", ">", "=="];

/** Reads `[variant.][scenario.][phase.]metric operator number[unit]`; throws a `BenchError`. */
export function parseBudget(text: string): Budget {
  const [, subject, given, digits, unit = ""] = form.exec(text.trim()) ?? [];
  const operator = operators.find((known) => known === given);
  const amount = Number(digits);
  if (subject !== undefined && operator !== undefined && Number.isFinite(amount)) {
    return { text: text.trim(), subject, operator, amount, unit };
  }
  throw wrong(
    text,
    "is not a limit such as sse.overhead.bytesPerMessage <= 20 or websocket.latency.p99 <= 50ms",
  );
}

/** The planned metrics that a budget limits; throws a `BenchError` where there are none. */
export function meantBy<T extends ComparedMetric>(budget: Budget, planned: readonly T[]): T[] {
  const meant = planned.filter((metric) => isMeant(budget, metric));
  if (meant.length > 0) {
    for (const metric of meant) limitFor(budget, metric);
    return meant;
  }
  throw wrong(budget.text, `matches nothing that is measured; ${hint(budget.subject, planned)}`);
}

/** A name that may have been meant, else where its metric is, else which metrics there are. */
function hint(subject: string, planned: readonly ComparedMetric[]): string {
  const near = nearest(subject, [...new Set(planned.flatMap(namesOf))]).trim();
  if (near !== "") return near;
  const places = planned.filter(({ metric }) => subject.endsWith(`.${metric}`)).map(fullName);
  if (places.length > 0) return `there is ${shortListing(places)}`;
  return knownAre([...new Set(planned.map(({ metric }) => metric))]);
}

export function isMeant({ subject }: Budget, metric: ComparedMetric): boolean {
  return namesOf(metric).includes(subject);
}

const times = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };
const sizes = { "": 1, B: 1, KB: 1e3, KiB: 1_024, MB: 1e6, MiB: 1_048_576 };
const shares = { "": 1, "%": 1 };

/** The units that may follow a limit, and their size in the metric's unit. */
const units: Readonly<Record<CellMetric["unit"], Readonly<Record<string, number>>>> = {
  ns: times,
  ms: { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3 },
  bytes: sizes,
  count: { "": 1 },
  "per second": { "": 1, "/s": 1 },
  percent: shares,
};

/** The limit in the metric's unit; throws a `BenchError` where the budget's unit doesn't fit the metric. */
export function limitFor({ text, amount, unit }: Budget, metric: ComparedMetric): number {
  const known = units[metric.unit];
  const factor = Object.hasOwn(known, unit) ? known[unit] : undefined;
  // Without the rounding error of binary fractions.
  if (factor !== undefined) return Number((amount * factor).toPrecision(15));
  const names = Object.keys(known).map((name) => (name === "" ? "no unit" : name));
  throw wrong(text, `has the wrong unit for ${metric.metric}; allowed are ${names.join(", ")}`);
}

function wrong(text: string, why: string): BenchError {
  return usageError(`check.budgets: "${text}" ${why}`);
}
