import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import os from "node:os";
import { describe, expect, it } from "vitest";
import { environment as before } from "../../test/results-fixture.ts";
import { environmentAfter, environmentNow, originOf } from "./environment.ts";
import { resultsSchema } from "./schema.ts";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { packageFolder } from "../files/package-files.ts";

describe("the environment record", () => {
  it("keeps to the schema and to what Node says itself", async () => {
    const now = resultsSchema.shape.environment.parse(await environmentNow());
    expect(now.host).toMatchObject({
      kernel: os.release(),
      memoryBytes: os.totalmem(),
      cores: os.availableParallelism(),
      stealShare: null,
    });
    expect(now.software.versions).toEqual({ ...process.versions });
    expect(Object.values(now.software.libraries)).not.toContain("unknown");
  });

  it("names the version of each package that its users have installed for a transport", async () => {
    const now = await environmentNow(["socket.io-client"]);
    expect(now.software.libraries["socket.io-client"]).toMatch(/^4\.\d+\.\d+$/);
    expect((await environmentNow()).software.libraries).not.toHaveProperty("socket.io-client");
  });

  it("gets from a run's end what only that shows", () => {
    const began = { total: 0, processes: 0, steal: 0 };
    const after = environmentAfter(before, began);
    expect(after).toEqual({
      ...before,
      host: { ...before.host, loadAfter: after.host.loadAfter, stealShare: after.host.stealShare },
    });
    expect(environmentAfter(before, null).host.stealShare).toBeNull();
  });
});

const asUrl = (path: string): URL => pathToFileURL(`${path}/`);

/** A folder with a package, its lockfile, and a first commit of both. */
function checkout(path: string): (...args: string[]) => string {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: path,
      encoding: "utf8",
    }).trim();
  writeFileSync(join(path, "package.json"), `{"version":"1.2.3"}`);
  writeFileSync(join(path, "package-lock.json"), "abc");
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  return git;
}

describe("where the code comes from", () => {
  it("is its version, its lockfile's hash and its commit", async () => {
    using folder = new TemporaryFolder();
    const git = checkout(folder.path);
    expect(await originOf(asUrl(folder.path))).toEqual({
      transportBench: "1.2.3",
      // The SHA-256 of "abc", FIPS 180-2, appendix B.1.
      lockfileSha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      commit: { hash: git("rev-parse", "HEAD"), dirty: false },
    });
  });

  it("is dirty with a change that isn't committed, and not with a file that git doesn't know", async () => {
    using folder = new TemporaryFolder();
    checkout(folder.path);
    writeFileSync(join(folder.path, "results.json"), "{}");
    expect((await originOf(asUrl(folder.path))).commit?.dirty).toBe(false);
    writeFileSync(join(folder.path, "package-lock.json"), "abcd");
    expect((await originOf(asUrl(folder.path))).commit?.dirty).toBe(true);
  });

  it("is not the checkout of whoever has installed the package", async () => {
    using folder = new TemporaryFolder();
    checkout(folder.path);
    const installed = join(folder.path, "node_modules/transport-bench");
    mkdirSync(installed, { recursive: true });
    expect(await originOf(asUrl(installed))).toEqual({
      transportBench: "unknown",
      lockfileSha256: null,
      commit: null,
    });
  });

  it("is this project's own folder", async () => {
    const { transportBench, lockfileSha256 } = await originOf(packageFolder());
    expect(transportBench).toMatch(/^\d+\.\d+\.\d+/);
    expect(lockfileSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
