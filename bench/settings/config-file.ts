import { existsSync } from "node:fs";
import * as z from "zod";
import { checkSchema } from "./check-settings.ts";
import type { CheckSettings } from "./check-settings.ts";
import { parseSettings } from "./config.ts";
import { shown } from "./naming.ts";
import type { Settings } from "./config.ts";
import { BenchError } from "../errors/errors.ts";
import { loadConfig } from "./load-config.ts";

const usualNames = ["bench.config.ts", "bench.config.js", "bench.config.json"];

/** Where settings came from, and what they are. */
export interface ConfigFile {
  readonly path: string;
  readonly settings: Settings;
  /** By what comparisons are decided; empty where nothing is said. */
  readonly check: CheckSettings;
  /** Hosts beside this machine that may be measured. */
  readonly allowTargets: readonly string[];
}

const sectionsSchema = z.object({
  check: checkSchema.default({}),
  allowTargets: z.array(z.string().min(1), { error: "a list of host names" }).default([]),
});

/** Reads the file that `--config` names, or a `bench.config.*` of the current folder; else null. */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | null> {
  const path = named ?? usualNames.find((name) => existsSync(name));
  if (path === undefined) return null;
  if (!existsSync(path)) throw new BenchError("usage", `--config: there is no file ${path}`);
  const given = await loadConfig(path);
  const { sections, settings } = divided(given, path);
  return {
    path,
    settings: parseSettings(settings, (key) => `${key} in ${path}`, path),
    ...sections,
  };
}

/** What only a file can hold, and what flags can set as well. */
function divided(
  given: unknown,
  path: string,
): { sections: z.infer<typeof sectionsSchema>; settings: unknown } {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { sections: sectionsSchema.parse({}), settings: given };
  }
  const { check, allowTargets, ...settings } = Object.fromEntries<unknown>(Object.entries(given));
  const parsed = sectionsSchema.safeParse({ check, allowTargets }, { reportInput: true });
  if (parsed.success) return { sections: parsed.data, settings };
  const [issue] = parsed.error.issues;
  throw new BenchError("usage", `${issue?.path.join(".")} in ${path}: ${wrongText(issue)}`);
}

/** What was given, and what is allowed. */
function wrongText(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "";
  const { code, input, message } = issue;
  if (code === "invalid_value") return `${shown(input)} is not ${message}`;
  const isOfKind = code === "invalid_type" || code === "too_small" || code === "too_big";
  return isOfKind ? `${kindOf(input)} is not ${message}` : message;
}

function kindOf(given: unknown): string {
  if (given === null) return "null";
  if (Array.isArray(given)) return "a list";
  if (typeof given === "number") return `the number ${given}`;
  if (typeof given === "string") return `a string of ${given.length} characters`;
  return typeof given === "object" ? "an object" : `a ${typeof given}`;
}
