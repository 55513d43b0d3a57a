import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { Worktree } from "./worktree.ts";

/** A repository with two commits of `server/server.js`, and a changed working tree. */
function repository(folder: string): string {
  const server = join(folder, "server");
  mkdirSync(server);
  git(folder, "init", "--quiet", "--initial-branch=main");
  for (const text of ["one", "two"]) {
    writeFileSync(join(server, "server.js"), text);
    git(folder, "add", ".");
    git(folder, "-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "-m", text);
  }
  writeFileSync(join(server, "server.js"), "three");
  return server;
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
}

afterEach(() => vi.unstubAllEnvs());

const { signal } = new AbortController();

describe("a worktree of a commit", () => {
  it("is checked out at the same place within it, prepared, and gone at the end", async () => {
    using folder = new TemporaryFolder();
    const server = repository(folder.path);
    let place = "";
    {
      await using worktree = await Worktree.open("HEAD~1", server);
      place = worktree.folder;
      expect(basename(place)).toBe("server");
      expect(readFileSync(join(place, "server.js"), "utf8")).toBe("one");
      expect(worktree.commit).toBe(git(server, "rev-parse", "HEAD~1"));
      await worktree.prepare("echo prepared > prepared.txt", signal);
      expect(readFileSync(join(place, "prepared.txt"), "utf8")).toBe("prepared\n");
    }
    expect(existsSync(dirname(place))).toBe(false);
    expect(git(server, "worktree", "list").split("\n")).toHaveLength(1);
    expect(readFileSync(join(server, "server.js"), "utf8")).toBe("three");
  });

  it("leaves the index of the commit that a hook is part of as it is", async () => {
    using folder = new TemporaryFolder();
    const server = repository(folder.path);
    git(server, "add", ".");
    const before = readFileSync(join(folder.path, ".git", "index"));
    for (const name of ["GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"]) vi.stubEnv(name, "elsewhere");
    {
      await using worktree = await Worktree.open("HEAD", server);
      expect(readFileSync(join(worktree.folder, "server.js"), "utf8")).toBe("two");
      await worktree.prepare('test -z "$GIT_DIR$GIT_INDEX_FILE"', signal);
    }
    expect(readFileSync(join(folder.path, ".git", "index"))).toEqual(before);
    expect(existsSync(join(server, "elsewhere"))).toBe(false);
  });

  it("doesn't touch another one that is away for the moment", async () => {
    using folder = new TemporaryFolder();
    const server = repository(folder.path);
    const linked = join(folder.path, "linked");
    git(server, "worktree", "add", "--detach", linked);
    renameSync(linked, `${linked}.away`);
    await (await Worktree.open("HEAD", server))[Symbol.asyncDispose]();
    renameSync(`${linked}.away`, linked);
    expect(git(linked, "rev-parse", "HEAD")).toBe(git(server, "rev-parse", "HEAD"));
    expect(git(server, "worktree", "list").split("\n")).toHaveLength(2);
  });

  it("needs a commit that there is, and says what git says", async () => {
    using folder = new TemporaryFolder();
    const server = repository(folder.path);
    await expect(Worktree.open("--help", server)).rejects.toThrow(/^--base: git rev-parse says: /);
    await expect(Worktree.open("mian", server)).rejects.toThrow(
      "--base: git rev-parse says: Needed a single revision",
    );
    expect(git(server, "worktree", "list").split("\n")).toHaveLength(1);
  });

  it("needs a repository", async () => {
    using folder = new TemporaryFolder();
    await expect(Worktree.open("main", folder.path)).rejects.toThrow(/not a git repository/);
  });

  it("tells how its preparation failed", async () => {
    using folder = new TemporaryFolder();
    await using worktree = await Worktree.open("HEAD", repository(folder.path));
    await expect(worktree.prepare("exit 3", signal)).rejects.toThrow(
      '--prepare: "exit 3" ended with exit code 3',
    );
  });
});
