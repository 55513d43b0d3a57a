import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createJiti } from "jiti";
import { parseSettings } from "./config.ts";
import type { Settings } from "./config.ts";
import { BenchError } from "./errors.ts";

const usualNames = ["bench.config.ts", "bench.config.js", "bench.config.json"];

/** Where settings came from, and what they are. */
export interface ConfigFile {
  readonly path: string;
  readonly settings: Settings;
}

/** Reads the file that `--config` names, or a `bench.config.*` of the current folder; else null. */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | null> {
  const path = named ?? usualNames.find((name) => existsSync(name));
  if (path === undefined) return null;
  if (!existsSync(path)) throw new BenchError("usage", `--config: there is no file ${path}`);
  const given = await load(path);
  return { path, settings: parseSettings(given, (key) => `${key} in ${path}`, path) };
}

async function load(path: string): Promise<unknown> {
  try {
    return await createJiti(import.meta.url).import(resolve(path), { default: true });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new BenchError("usage", `${path} can't be read: ${reason}`);
  }
}
