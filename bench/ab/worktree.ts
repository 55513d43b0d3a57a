import { spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usageError } from "../errors/errors.ts";
import { GitError, git, gitEnvironment, withoutRepository } from "../files/git.ts";

/** A commit of a repository, checked out in a temporary folder that is removed when this process ends. */
export class Worktree implements AsyncDisposable {
  /** The path in the worktree of the folder that it was opened for. */
  readonly folder: string;
  /** The full name of the commit. */
  readonly commit: string;
  readonly #root: string;
  readonly #repository: string;

  private constructor(repository: string, root: string, inside: string, commit: string) {
    this.#repository = repository;
    this.#root = root;
    this.folder = join(root, inside);
    this.commit = commit;
    process.on("exit", this.#removeNow);
  }

  /**
   * Checks out `ref` of the repository that holds `here`. Throws a `BenchError`, which names the `flag` that gave
   * `ref`, when there is no repository or no such commit.
   */
  static async open(ref: string, here: string, flag = "--base"): Promise<Worktree> {
    const asked = askedFor(flag, here);
    const inside = await asked("rev-parse", "--show-prefix");
    const commit = await asked("rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`);
    const root = await realpath(await mkdtemp(join(tmpdir(), "bench-ab-")));
    const worktree = new Worktree(here, root, inside, commit);
    try {
      await asked("worktree", "add", "--detach", root, commit);
    } catch (error) {
      await worktree[Symbol.asyncDispose]();
      throw error;
    }
    return worktree;
  }

  /** Runs a command in it, such as one that installs what the commit needs; what it says goes to stderr. */
  async prepare(command: string, signal: AbortSignal, flag = "--prepare"): Promise<void> {
    const child = spawn(command, {
      shell: true,
      cwd: this.folder,
      env: withoutRepository(process.env),
      stdio: ["ignore", 2, 2],
      signal,
    });
    const how = await new Promise<string | null>((resolve) => {
      child.once("error", ({ message }) => resolve(message));
      child.once("close", (code, name) =>
        resolve(code === 0 ? null : (name ?? `exit code ${code}`)),
      );
    });
    if (how === null || signal.aborted) return;
    throw usageError(`${flag}: "${command}" ended with ${how}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#removeNow);
    this.#removeNow();
  }

  /** Removes the worktree synchronously, since this may be the last that this process does. */
  readonly #removeNow = (): void => {
    rmSync(this.#root, { recursive: true, force: true });
    // Not `prune`: a worktree of the user's may be away for a while, on a disk that isn't mounted.
    spawnSync("git", ["worktree", "remove", "--force", this.#root], {
      cwd: this.#repository,
      env: gitEnvironment(),
      stdio: "ignore",
    });
  };
}

function askedFor(flag: string, folder: string): (...args: string[]) => Promise<string> {
  return async (...args) => {
    try {
      return await git(folder, args);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      throw usageError(`${flag}: git ${args[0]} says`, error.message);
    }
  };
}
