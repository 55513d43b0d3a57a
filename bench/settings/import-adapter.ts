import { createJiti } from "jiti";
import { defineTransport } from "../../transports/define-transport.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import type { Transport } from "../../transports/transport.ts";
import { usageError } from "../errors/errors.ts";
import { packageFolder } from "../files/package-files.ts";
import { apiAliases } from "./adapter-api.ts";
import { definitionsIn } from "./adapter-schema.ts";
import { adapterOf, knownTransports, shownPath } from "./adapters.ts";
import type { Adapter, AdapterKind } from "./adapters.ts";
import { placed } from "./error-place.ts";
import { guarded } from "./guarded-transport.ts";
import { knownScenarios } from "./known-scenarios.ts";
import { plainName } from "./unsupported.ts";

/** Imports a file, and reads what it defines. Throws a `BenchError`. */
export async function importAdapter(file: string): Promise<Adapter> {
  const path = shownPath(file);
  try {
    const jiti = createJiti(packageFolder().href, { alias: apiAliases() });
    const { transports, scenarios } = definitionsIn(await jiti.import(file, { default: true }));
    checkNames("transports", transports, knownTransports());
    checkNames("scenarios", scenarios, knownScenarios());
    for (const scenario of scenarios) checkText(scenario);
    return { path, transports: transports.map(sealed), scenarios };
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    throw usageError(placed(path, message, stack));
  }
}

/** Called long before the scenario is played, where an error would be no one's. */
function checkText(scenario: Scenario): void {
  const workload = { ...scenario.workload, warmUpMs: 0, durationMs: 0, maxConnections: 0 };
  const text: unknown = scenario.describe(workload);
  if (typeof text !== "string") throw new Error(`${scenario.name}: describe doesn't return a text`);
}

function sealed(transport: Transport<object>): Adapter["transports"][number] {
  const complete = defineTransport(guarded(transport));
  try {
    complete.configure("default", {});
  } catch {
    throw new Error(`${complete.name}: every option needs a default`);
  }
  return complete;
}

interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
}

/** No two may have one name, in any spelling. */
function checkNames(kind: AdapterKind, own: readonly Named[], known: readonly Named[]): void {
  for (const [index, one] of own.entries()) {
    const names = namesOf(one);
    const isSame = (other: Named): boolean => namesOf(other).some((name) => names.includes(name));
    const other = known.find(isSame);
    const where = other === undefined ? "also here" : (adapterOf(kind, other.name) ?? "built in");
    if (other === undefined && !own.slice(0, index).some(isSame)) continue;
    throw new Error(`there are two ${kind} called "${one.name}"; the other is ${where}`);
  }
}

function namesOf({ name, aliases = [] }: Named): string[] {
  return [name, ...aliases].map(plainName);
}
