import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { GitError, git, withoutRepository } from "./git.ts";

describe("git", () => {
  it("is asked about the repository that a folder is in, and gives its whole message", async () => {
    using folder = new TemporaryFolder();
    execFileSync("git", ["init", "--quiet"], { cwd: folder.path });
    expect(await git(folder.path, ["rev-parse", "--is-inside-work-tree"])).toBe("true");
    const failing = git(folder.path, ["worktree", "add", "--no-such-option"]);
    await expect(failing).rejects.toBeInstanceOf(GitError);
    await expect(failing).rejects.toThrow(/unknown option[^]*usage:[^]*/);
  });

  it("is missed by name where it isn't installed or the folder isn't there", async () => {
    using folder = new TemporaryFolder();
    mkdirSync(`${folder.path}/empty`);
    const { PATH } = process.env;
    process.env["PATH"] = `${folder.path}/empty`;
    try {
      await expect(git(folder.path, ["status"])).rejects.toThrow(/git ENOENT/);
    } finally {
      process.env["PATH"] = PATH;
    }
  });

  it("isn't told by a hook's environment which repository is meant", () => {
    const local = execFileSync("git", ["rev-parse", "--local-env-vars"], { encoding: "utf8" });
    const names = local.trim().split("\n");
    expect(names).toContain("GIT_INDEX_FILE");
    const hook = Object.fromEntries(
      [...names, "PATH", "GIT_SSH_COMMAND"].map((name) => [name, "x"]),
    );
    const left = Object.keys(withoutRepository(hook)).filter((name) => !name.includes("CONFIG"));
    expect(left).toEqual(["PATH", "GIT_SSH_COMMAND"]);
  });
});
