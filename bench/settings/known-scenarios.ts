import { scenarios } from "../../scenarios/index.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import { loadedAdapters } from "./adapters.ts";

/** Every scenario: the built-in ones, then those of the adapters that were loaded. */
export function knownScenarios(): readonly Scenario[] {
  return [...scenarios, ...loadedAdapters().flatMap((adapter) => adapter.scenarios)];
}
