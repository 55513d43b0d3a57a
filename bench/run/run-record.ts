import type { cpuTicks } from "../machine/host.ts";
import { encodingOf } from "../payloads/encodings.ts";
import { busLibraries } from "../bus/libraries.ts";
import { trialsOf, variantsIn, workloadOf, workloadText } from "../plan/plan.ts";
import { precisionOf } from "../plan/precision.ts";
import { environmentAfter, environmentNow } from "../results/environment.ts";
import { resultsFormat, schemaVersion } from "../results/schema.ts";
import type { MachineNote, Negotiated, Results } from "../results/schema.ts";
import type { Config } from "../settings/config.ts";
import { recordedConfigOf } from "../settings/restore-config.ts";
import { faultIn } from "../settings/fault.ts";
import { recordedTarget } from "../settings/target.ts";
import { recordedVariant } from "../settings/variant.ts";

/** Notes on the machine: before a run, and at its end. */
export interface MachineNotes {
  readonly before: readonly MachineNote[];
  /** Knowing which share of the processor's time was stolen meanwhile; null where the system doesn't say. */
  readonly after: (stolen: number | null) => readonly MachineNote[];
}

/** The results of a run that hasn't begun yet. */
export async function newResults(
  config: Config,
  command: string,
  notes: readonly MachineNote[],
): Promise<Results> {
  const fault = faultIn(process.env);
  return {
    format: resultsFormat,
    schemaVersion,
    run: {
      status: "running",
      startedAt: new Date().toISOString(),
      finishedAt: null,
      command,
      seed: config.seed,
      profile: config.profile,
      configuration: recordedConfigOf(config),
      precision:
        config.precision === null
          ? null
          : precisionOf(config.precision, config.seed, [], [], "running"),
      fault: fault === null ? null : JSON.stringify(fault),
      netns: config.netns,
      notes: [...notes],
      target: recordedTarget(config.target),
      ...(config.broker !== null && { broker: config.broker.shown }),
      pairing: null,
    },
    environment: await environmentNow(
      [...config.variants.flatMap(({ bound }) => bound.packages), ...librariesOf(config)],
      await tlsOf(config),
    ),
    variants: config.variants.map((variant) => ({
      ...recordedVariant(variant),
      title: variant.title,
      delivery: variant.bound.delivery,
      pollIntervalMs: variant.bound.polling?.intervalMs ?? null,
      reference: variant.reference,
    })),
    scenarios: config.scenarios.map((scenario) => ({
      name: scenario.name,
      summary: scenario.summary,
      workload: workloadText(scenario, config),
    })),
    cells: config.scenarios.flatMap((scenario) =>
      variantsIn(scenario, config).map((variant) => ({
        variant: variant.name,
        scenario: scenario.name,
        workload: workloadOf(scenario, config),
        trials: trialsOf(scenario, config),
      })),
    ),
    trials: [],
  };
}

/** Notes how and when a run has ended, and what its host has seen meanwhile. */
export function finishResults(
  results: Results,
  status: "complete" | "interrupted",
  ticksBefore: ReturnType<typeof cpuTicks>,
  notes: MachineNotes,
): void {
  results.run.status = status;
  results.run.finishedAt = new Date().toISOString();
  results.environment = environmentAfter(results.environment, ticksBefore);
  results.run.notes = [...notes.after(results.environment.host.stealShare)];
}

/** What messages are encoded with, and carried between servers by, beyond what Node has. */
function librariesOf({ payload, bus, variants }: Config): string[] {
  const needs = variants.flatMap(({ bound }) => bound.libraryBus(bus) ?? []);
  const adapters = needs.flatMap((need) => ("packages" in need ? need.packages : []));
  const library = payload && encodingOf(payload.recipe.encoding).library;
  return [library, busLibraries[bus], ...new Set(adapters)].filter((name) => name !== null);
}

/** Null without TLS, and for the user's own server, which chooses by itself. */
async function tlsOf({ variants, target }: Config): Promise<Negotiated[] | null> {
  const kinds = new Set(variants.flatMap(({ bound }) => bound.layers.tls ?? []));
  if (target !== null || kinds.size === 0) return null;
  // Only what needs it loads it.
  const { negotiatedWith } = await import("./negotiated.ts");
  return await Promise.all([...kinds].toSorted().map(negotiatedWith));
}
