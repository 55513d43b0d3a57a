import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * The variables in which git names the current repository, index and objects: in a hook, those of the commit under
 * way. From `git rev-parse --local-env-vars`, without those that only configure.
 */
const ofARepository: ReadonlySet<string> = new Set([
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_NAMESPACE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_QUARANTINE_PATH",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
]);

/** An environment in which git finds its repository by the folder that it runs in. */
export function withoutRepository(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !ofARepository.has(name)),
  );
}

/** The environment of every git that is asked here. Reading must not write an index. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return { ...withoutRepository(process.env), GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
}

export interface GitOptions {
  /** Time limit in milliseconds, after which git is ended and the call fails. */
  readonly timeout?: number;
}

/** Asks git about the repository that holds `folder`; rejects with a `GitError` when it fails. */
export async function git(
  folder: string | URL,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  try {
    const settings = { cwd: folder, env: gitEnvironment(), ...options };
    const { stdout } = await promisify(execFile)("git", args, settings);
    return stdout.trim();
  } catch (error) {
    throw new GitError(saidIn(error), { cause: error });
  }
}

/** A failure of git, with its whole message. */
export class GitError extends Error {}

function saidIn(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return said.replace(/^fatal: /, "") || String(error);
}
