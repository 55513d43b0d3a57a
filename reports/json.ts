import { betweenRuns } from "./between-runs.ts";
import type { JsonSummary } from "./json-schema.ts";
import type { Environment, PlayedHost } from "../bench/results/schema.ts";
import type { Report } from "./report.ts";
import type { Run } from "./run.ts";
import { findings } from "./sentences.ts";
import { summarise } from "./summary.ts";
import type { ScenarioSummary } from "./summary.ts";
import type { Cell, Column, Row } from "./cells.ts";
import { visibleJson } from "../bench/text/visible.ts";

/**
 * What the tables say, for programs. Whoever wants what lies behind it (phases, histograms, trials) reads
 * `results.json`. `json-schema.ts` says what every field means.
 */
export const json = {
  render(runs) {
    const summary = summarise(runs);
    const document: JsonSummary = {
      format: "transport-bench summary",
      version: 1,
      runs: runs.map(runOf),
      differences: betweenRuns(runs).map(({ first, other, environment, configuration }) => ({
        first,
        other,
        environment: [...environment],
        configuration: [...configuration],
      })),
      findings: runs.flatMap((run) =>
        findings([run], summary).map((text) => ({ run: run.label, text })),
      ),
      scenarios: summary.scenarios.map(scenarioOf),
    };
    return visibleJson(JSON.stringify(document, null, 2));
  },
} satisfies Pick<Report, "render">;

type JsonRun = JsonSummary["runs"][number];
type JsonScenario = JsonSummary["scenarios"][number];
type JsonColumn = JsonScenario["tables"][number]["columns"][number];
type JsonRow = JsonScenario["tables"][number]["rows"][number];

function runOf({ label, results: { run, environment } }: Run): JsonRun {
  const { status, startedAt, command, seed, fault, netns, configuration } = run;
  const { transportBench } = environment.software;
  return {
    label,
    status,
    startedAt,
    command,
    seed,
    fault,
    netns,
    network: configuration.network ?? null,
    servers: configuration.servers ?? 1,
    bus: configuration.bus ?? null,
    balance: configuration.balance ?? null,
    environment: { transportBench, ...machineOf(environment) },
    hosts: (environment.hosts ?? []).map(hostOf),
  };
}

function hostOf({ name, ran, ...machine }: PlayedHost): JsonRun["hosts"][number] {
  return { name, ran: [...ran], ...machineOf(machine) };
}

type Machine = Pick<Environment, "host" | "software">;

function machineOf({ host, software }: Machine): Omit<JsonRun["environment"], "transportBench"> {
  const { platform, kernel, cpu, cores, memoryBytes } = host;
  return { node: software.versions["node"] ?? null, platform, kernel, cpu, cores, memoryBytes };
}

function scenarioOf({ name, about, workload, tables, doubts }: ScenarioSummary): JsonScenario {
  return {
    name,
    about,
    workload,
    tables: tables.map(({ title, columns, rows }) => ({
      title,
      columns: columns.map(columnOf),
      rows: rows.map((row) => rowOf(row, columns)),
    })),
    doubts: doubts.map(({ run, variants, text }) => ({ run, variants: [...variants], text })),
  };
}

function columnOf({ key, label, unit, better, headline, counted, about }: Column): JsonColumn {
  return { key, label: label.replaceAll("\n", " "), unit, better, headline, counted, about };
}

function rowOf(
  { variant, run, reference, valid, played, none, cells }: Row,
  columns: readonly Column[],
): JsonRow {
  const shown = columns.flatMap(({ key }, index) => cellOf(key, cells[index]) ?? []);
  return { variant, run, reference, valid, played, none, cells: shown };
}

function cellOf(key: string, given: Cell | undefined): JsonRow["cells"][number] | null {
  if (given === undefined) return null;
  const { estimate, clockBound, atLeast, best, uncertain, text, invalid, remark } = given;
  const interval = estimate?.interval ?? null;
  return {
    key,
    median: estimate?.median ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    confidence: interval?.confidence ?? null,
    trials: estimate?.trials ?? 0,
    atLeast,
    best,
    uncertain,
    clockBound,
    text,
    invalid,
    remark,
  };
}
