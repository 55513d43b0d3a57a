import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { git } from "../files/git.ts";
import { versionIn } from "../files/own-files.ts";
import type { Environment } from "./schema.ts";

/** Where this very code comes from. */
export type Origin = Pick<Environment["software"], "transportBench" | "lockfileSha256" | "commit">;

export async function originOf(folder: URL): Promise<Origin> {
  return {
    transportBench: versionIn(folder),
    lockfileSha256: await hashOf(new URL("package-lock.json", folder)),
    commit: await commitOf(folder),
  };
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
    const hash = await ask(folder, "rev-parse", "HEAD");
    const changes = await ask(folder, "status", "--porcelain", "--untracked-files=no");
    return { hash, dirty: changes !== "" };
  } catch {
    return null;
  }
}

function ask(folder: URL, ...args: readonly string[]): Promise<string> {
  return git(folder, args, { timeout: 2_000 });
}
