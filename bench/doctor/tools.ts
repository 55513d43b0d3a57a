import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { listing } from "../../reports/format.ts";

/** A program that was found on the PATH. */
export interface Program {
  readonly path: string;
  /** Null when it doesn't say. */
  readonly version: string | null;
}

/** What trying shows. */
export interface Tools {
  /** Programs by what they are looked for as; null where there is none. */
  readonly programs: Readonly<Record<string, Program | null>>;
  /** Private networks: as who they can be made, or why they can't. */
  readonly namespaces: { readonly as: "root" | "rootless" } | { readonly refused: string };
  /** `missing` when the kernel says so; null where it could not be asked. */
  readonly netem: "available" | "missing" | null;
}

/** Names under which each program goes, and the flag that makes it tell its version. */
const wanted = {
  ip: [["ip"], "-V"],
  unshare: [["unshare"], "--version"],
  nsenter: [["nsenter"], "--version"],
  ethtool: [["ethtool"], "--version"],
  tc: [["tc"], "-V"],
  tcpdump: [["tcpdump"], "--version"],
  chromium: [
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    "--version",
  ],
  nginx: [["nginx"], "-v"],
  "redis-server": [["redis-server"], "--version"],
} as const;

/** Starts programs, each for a moment. Private networks are made, and are gone with what made them. */
export async function tryTools(path: string = process.env["PATH"] ?? ""): Promise<Tools> {
  const programs: Record<string, Program | null> = {};
  for (const [name, [names, flag]] of Object.entries(wanted)) {
    const found = names.flatMap((candidate) => whereIs(candidate, path) ?? [])[0];
    programs[name] =
      found === undefined ? null : { path: found, version: await versionOf(found, flag) };
  }
  const namespaces = await tryNamespaces(programs);
  return { programs, namespaces, netem: await tryNetem(programs, namespaces) };
}

/** How to make a private network, as whom. */
const flags = {
  root: ["--net"],
  rootless: ["--user", "--map-root-user", "--net"],
} as const;

async function tryNamespaces(programs: Tools["programs"]): Promise<Tools["namespaces"]> {
  const missing = ["ip", "unshare", "nsenter", "ethtool"].filter((name) => programs[name] == null);
  if (missing.length > 0) return { refused: `without ${listing(missing)}` };
  const upLoopback = [programs["ip"]?.path ?? "", "link", "set", "lo", "up"];
  let refused = "";
  for (const as of ["root", "rootless"] as const) {
    const { ok, output } = await run(programs["unshare"], [...flags[as], ...upLoopback]);
    if (ok) return { as };
    refused = output.split("\n")[0] ?? "";
  }
  return { refused };
}

async function tryNetem(
  { tc, unshare }: Tools["programs"],
  namespaces: Tools["namespaces"],
): Promise<Tools["netem"]> {
  if (tc == null || !("as" in namespaces)) return null;
  const add = [tc.path, "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"];
  const { ok, output } = await run(unshare, [...flags[namespaces.as], ...add]);
  if (ok) return "available";
  return output.includes("qdisc kind is unknown") ? "missing" : null;
}

function whereIs(name: string, path: string): string | null {
  const files = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function versionOf(path: string, flag: string): Promise<string | null> {
  const { output } = await run({ path }, [flag]);
  return /\d+(?:\.\d+)+[\w.-]*/.exec(output)?.[0] ?? null;
}

async function run(
  program: Pick<Program, "path"> | null | undefined,
  args: readonly string[],
): Promise<{ ok: boolean; output: string }> {
  try {
    const file = program?.path ?? "";
    const { stdout, stderr } = await promisify(execFile)(file, [...args], { timeout: 5_000 });
    return { ok: true, output: `${stdout}${stderr}`.trim() };
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return { ok: false, output: said === "" ? String(error) : said };
  }
}
