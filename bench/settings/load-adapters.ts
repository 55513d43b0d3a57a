import { statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { asError } from "../../transports/protocol-error.ts";
import { asLine } from "../errors/error-lines.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { isLoaded, knownTransports, loadAdapter, shownPath } from "./adapters.ts";
import type { Adapter, AdapterKind } from "./adapters.ts";
import type { Settings } from "./config.ts";
import { evaluateFile } from "./evaluate-file.ts";
import { placeIn, placed } from "./error-place.ts";
import { watchForeignCode } from "./foreign-code.ts";
import { knownScenarios } from "./known-scenarios.ts";
import { namedError } from "./naming.ts";
import type { Naming } from "./naming.ts";
import { knownProxies } from "./proxies.ts";
import { notSupportedYet, plainName } from "./unsupported.ts";

/** How long an adapter may take to be imported, in milliseconds. */
const importMs = 10_000;

/** The settings that may name adapters, and in which order they are loaded: names come from those before. */
export const adapterKeys = ["adapters", "transports", "scenarios", "proxies"] as const;

export type AdapterSettings = Pick<Settings, (typeof adapterKeys)[number]>;

/** What was loaded, as it was named: files by their paths, packages by their names. */
const bySpecifier = new Map<string, Adapter>();

/**
 * Loads the files and packages that settings name, so that their transports and scenarios are known. Each is first
 * imported in a process of its own, once: one that hangs or ends its process takes nothing with it. Throws a `BenchError`.
 */
export async function loadAdapters(settings: AdapterSettings, name: Naming): Promise<void> {
  for (const key of adapterKeys) {
    for (const text of settings[key] ?? []) {
      try {
        const specifier = await specifierIn(text, key);
        if (specifier !== null) bySpecifier.set(specifier.text, await loadChecked(specifier.file));
      } catch (error) {
        throw namedError(error, name(key));
      }
    }
  }
}

async function loadChecked(file: string): Promise<Adapter> {
  if (isLoaded(file)) return await loadAdapter(file);
  const outcome = await evaluateFile(file, { maxMs: importMs, wantsData: false });
  if ("exported" in outcome) {
    watchForeignCode(endWithError);
    return await loadAdapter(file);
  }
  throw usageError(placed(shownPath(file), outcome.reason, outcome.stack));
}

/** Ends this process by what an adapter has begun and nobody waits for; anything else that fails so is no user's. */
function endWithError(thrown: unknown): void {
  const { message, stack = "" } = asError(thrown);
  const isUsers = placeIn(stack) !== null;
  const told = isUsers ? asLine(`error: ${placed(null, message, stack)}`) : stack;
  process.stderr.write(`${told}\n`);
  process.exit(isUsers ? exitCodes.usage : exitCodes.failed);
}

/** What a text stands for that begins with the name of an adapter: one text for each that it defines. */
export function withoutSpecifier(text: string, kind: AdapterKind): string[] {
  const specifier = [...bySpecifier.keys()].find((known) => startsWith(text.trim(), known));
  const adapter = specifier === undefined ? undefined : bySpecifier.get(specifier);
  if (specifier === undefined || adapter === undefined) return [text];
  const names = adapter[kind].map(({ name }) => name);
  if (names.length === 0) throw usageError(`${adapter.path} defines no ${oneOf[kind]}`);
  return names.map((name) => name + text.trim().slice(specifier.length));
}

const oneOf: Readonly<Record<AdapterKind, string>> = {
  transports: "transport",
  scenarios: "scenario",
  proxies: "proxy",
};

/** A path in a config file is meant from its folder. */
export function fromFolder(text: string, folder: string): string {
  return /^\.{1,2}\//.test(text) && !isAbsolute(folder) ? `./${join(folder, text)}` : text;
}

function startsWith(text: string, specifier: string): boolean {
  return text.startsWith(specifier) && /^(?:$|[:@+])/.test(text.slice(specifier.length));
}

interface Specifier {
  /** The part of a text that names the adapter. */
  readonly text: string;
  readonly file: string;
}

/** The adapter that a text begins with; null where it begins with the name of something known, or of nothing. */
async function specifierIn(
  given: string,
  key: (typeof adapterKeys)[number],
): Promise<Specifier | null> {
  const text = given.trim();
  const path = isPath.test(text) ? longestFile(text) : null;
  if (path !== null) return { text: path, file: resolve(path) };
  const [name = ""] = /^(?:@[^/:@+]+\/)?[^:@+]*/.exec(text) ?? [];
  if (isPath.test(name)) throw usageError(whyNoFile(pathMeant(text)));
  if (key !== "adapters" && (isKnown(name, key) || notSupportedYet(name) !== "")) return null;
  const file = await packageFile(name);
  if (file !== null) return { text: name, file };
  if (key !== "adapters") return null;
  throw usageError(`there is no file or package "${name}"`);
}

function whyNoFile(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? `${path} is a folder: name a file in it` : `there is no file ${path}`;
}

const isPath = /^(?:\.{1,2}$|\.{0,2}[\\/]|[A-Za-z]:[\\/])|\.[cm]?[jt]sx?(?:$|[:@+])/;

/** A path may hold the characters that end one in a variant: the longest that is a file is meant. */
function longestFile(text: string): string | null {
  const ends = [
    text.length,
    ...[...text.matchAll(/[:@+]/g)].map(({ index }) => index).toReversed(),
  ];
  const path = ends.map((end) => text.slice(0, end)).find(isFile);
  return path ?? null;
}

/** As far as an extension, where there is one. */
function pathMeant(text: string): string {
  return /^.*?\.[cm]?[jt]sx?(?=$|[:@+])/.exec(text)?.[0] ?? text;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isKnown(name: string, key: AdapterKind): boolean {
  if (key === "proxies") return knownProxies().some((known) => known.name === name);
  if (key === "scenarios") return knownScenarios().some((known) => known.name === name);
  return knownTransports().some((known) =>
    [known.name, ...known.aliases].some((own) => plainName(own) === plainName(name)),
  );
}

/** The file of a package that is installed where the user works; null where there is none. */
async function packageFile(name: string): Promise<string | null> {
  const { createJiti } = await import("jiti");
  const here = pathToFileURL(resolve("package.json")).href;
  const found = createJiti(here).esmResolve(name, { try: true });
  return found?.startsWith("file:") === true ? fileURLToPath(found) : null;
}
