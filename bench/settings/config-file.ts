import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as z from "zod";
import { brokerOf } from "./broker-settings.ts";
import type { UserBroker } from "./broker-settings.ts";
import { checkSchema } from "./check-settings.ts";
import type { CheckSettings } from "./check-settings.ts";
import { parseSettings } from "./config.ts";
import { asFlag, parsedBy, onOneLine } from "./naming.ts";
import type { Settings } from "./config.ts";
import type { Naming } from "./naming.ts";
import type { ServerTarget } from "./target.ts";
import { adapterKeys, fromFolder, loadAdapters } from "./load-adapters.ts";
import type { AdapterSettings } from "./load-adapters.ts";
import { targetOf } from "./target-settings.ts";
import { usageError } from "../errors/errors.ts";
import { requestFieldsSchema } from "./request-fields.ts";
import { loadConfig } from "./load-config.ts";

export const defaultFileNames: readonly string[] = [
  "bench.config.ts",
  "bench.config.js",
  "bench.config.json",
];

/** The settings of a config file; empty where there is none. */
export interface ConfigFile {
  readonly path: string | null;
  readonly settings: Settings;
  /** By what comparisons are decided; empty where nothing is said. */
  readonly check: CheckSettings;
  /** Hosts beside this machine that may be measured. */
  readonly allowTargets: readonly string[];
  /** Fields that an endpoint of the user's own is asked with. */
  readonly headers: Readonly<Record<string, string>>;
}

const sectionsSchema = z.object({
  check: checkSchema.default({}),
  allowTargets: z.array(z.string().min(1), { error: "a list of host names" }).default([]),
  headers: requestFieldsSchema.default({}),
});

/** The flags that say what file is read, and what goes over its section `check`. */
export interface FileFlags {
  readonly config?: string | undefined;
  readonly inconclusive?: string | undefined;
}

/** Reads the file that `--config` names, or a `bench.config.*` of the current folder. */
export async function readConfigFile({ config, inconclusive }: FileFlags): Promise<ConfigFile> {
  const given = inconclusive === undefined ? {} : { inconclusive };
  const overCheck = parsedBy(checkSchema.pick({ inconclusive: true }), given, asFlag);
  const path = config ?? defaultFileNames.find((name) => existsSync(name));
  if (path === undefined) {
    return { path: null, settings: {}, check: overCheck, allowTargets: [], headers: {} };
  }
  if (!existsSync(path)) throw usageError(`--config: there is no file ${path}`);
  const { sections, settings } = splitSections(await loadConfig(path), path);
  const parsed = parseSettings(settings, (key) => `${key} in ${path}`, path);
  return {
    path,
    settings: {
      ...parsed,
      ...adaptersFrom(dirname(path), parsed),
      ...requestFrom(dirname(path), parsed),
    },
    ...sections,
    check: { ...sections.check, ...overCheck },
  };
}

/** Paths in a config file are meant from its folder. */
function adaptersFrom(folder: string, settings: Settings): AdapterSettings {
  const entries = adapterKeys.map((key) => [
    key,
    settings[key]?.map((text) => fromFolder(text, folder)),
  ]);
  return Object.fromEntries(entries.filter(([, texts]) => texts !== undefined));
}

function requestFrom(folder: string, { request }: Settings): Pick<Settings, "request"> {
  if (request === undefined || isAbsolute(request)) return {};
  return { request: join(folder, request) };
}

/** The file among the inputs of a command, which no output may replace. */
export function inputsOf({ path }: ConfigFile): readonly string[] {
  return path === null ? [] : [path];
}

/** How the user has named a setting, by where it came from: a flag wins over the file. */
export function namingOf(fromFlags: Settings, { path }: ConfigFile): Naming {
  return (key) => (key in fromFlags || path === null ? asFlag(key) : `${key} in ${path}`);
}

/** The flags of a command merged with its config file. */
export interface MergedSettings {
  readonly settings: Settings;
  readonly fromFlags: Settings;
  readonly file: ConfigFile;
  readonly naming: Naming;
  readonly target: ServerTarget | null;
  readonly broker: UserBroker | null;
}

/** Reads flags, all still text, and the config file; `source` is the command that has the flags. */
export async function mergedSettings(
  { config, inconclusive, ...flags }: FileFlags & Readonly<Record<string, unknown>>,
  source: string,
): Promise<MergedSettings> {
  const fromFlags = parseSettings(flags, asFlag, source);
  const file = await readConfigFile({ config, inconclusive });
  const settings = { ...file.settings, ...fromFlags };
  const naming = namingOf(fromFlags, file);
  await loadAdapters(settings, naming);
  const target = await targetOf(settings, file, naming);
  const broker = await brokerOf(settings, file.allowTargets, naming);
  return { settings, fromFlags, file, naming, target, broker };
}

/** Splits a file into sections that only files can hold and settings that flags can set as well. */
function splitSections(
  given: unknown,
  path: string,
): { sections: z.infer<typeof sectionsSchema>; settings: unknown } {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { sections: sectionsSchema.parse({}), settings: given };
  }
  const { check, allowTargets, headers, ...settings } = Object.fromEntries<unknown>(
    Object.entries(given),
  );
  const parsed = sectionsSchema.safeParse({ check, allowTargets, headers }, { reportInput: true });
  if (parsed.success) return { sections: parsed.data, settings };
  const [issue] = parsed.error.issues;
  throw usageError(`${issue?.path.join(".")} in ${path}: ${wrongText(issue)}`);
}

/** An error's text: the value that was given, and what is allowed. */
function wrongText(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "";
  const { code, input, message } = issue;
  if (code === "invalid_value") return `${onOneLine(input)} is not ${message}`;
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
