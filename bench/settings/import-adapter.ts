import { createJiti } from "jiti";
import * as z from "zod";
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
import { knownProxies } from "./proxies.ts";
import { plainName } from "./unsupported.ts";

/** Imports a file, and reads what it defines. Throws a `BenchError`. */
export async function importAdapter(file: string): Promise<Adapter> {
  const path = shownPath(file);
  try {
    const jiti = createJiti(packageFolder().href, { alias: apiAliases() });
    const { transports, scenarios, proxies } = definitionsIn(
      await quietly(() => jiti.import(file, { default: true })),
    );
    checkNames("transports", transports, knownTransports());
    checkNames("scenarios", scenarios, knownScenarios());
    checkNames("proxies", proxies, knownProxies());
    for (const scenario of scenarios) checkText(scenario);
    return { path, transports: transports.map(sealed), scenarios, proxies };
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    throw usageError(placed(path, message, stack));
  }
}

/** Standard output may be a document: what a file prints while it is imported goes to standard error. */
async function quietly<T>(imported: () => Promise<T>): Promise<T> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    return await imported();
  } finally {
    process.stdout.write = write;
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
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new Error(`${complete.name}: every option needs a default`, { cause: error });
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
