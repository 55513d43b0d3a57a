import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Environment } from "./schema.ts";

/** Where this very code comes from. */
export type Origin = Pick<Environment["software"], "transportBench" | "lockfileSha256" | "commit">;

export async function originOf(folder: URL): Promise<Origin> {
  return {
    transportBench: (await readVersion(new URL("package.json", folder))) ?? "unknown",
    lockfileSha256: await hashOf(new URL("package-lock.json", folder)),
    commit: await commitOf(folder),
  };
}

/** The folder of this project's package.json: the sources lie one folder higher than the build. */
export function ownFolder(): URL {
  const sources = new URL("../../", import.meta.url);
  const isRoot = existsSync(new URL("package.json", sources));
  return isRoot ? sources : new URL("../", sources);
}

export async function readVersion(file: URL): Promise<string | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    const known = typeof parsed === "object" && parsed !== null && "version" in parsed;
    return known && typeof parsed.version === "string" ? parsed.version : null;
  } catch {
    return null;
  }
}

async function hashOf(file: URL): Promise<string | null> {
  try {
    return createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  } catch {
    return null;
  }
}

/** Null where the folder itself is no checkout: one further up is that of whoever uses this package. */
async function commitOf(folder: URL): Promise<Origin["commit"]> {
  if (!existsSync(new URL(".git", folder))) return null;
  try {
    const hash = await git(folder, "rev-parse", "HEAD");
    const changes = await git(folder, "status", "--porcelain", "--untracked-files=no");
    return { hash, dirty: changes !== "" };
  } catch {
    return null;
  }
}

async function git(folder: URL, ...args: readonly string[]): Promise<string> {
  const { PATH = "", HOME = "" } = process.env;
  const { stdout } = await promisify(execFile)("git", args, {
    cwd: folder,
    // A hook that runs this would name its own repository. And reading must not write an index.
    env: { PATH, HOME, GIT_OPTIONAL_LOCKS: "0" },
    timeout: 2_000,
  });
  return stdout.trim();
}
