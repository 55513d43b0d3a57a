import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { proveOutput, writeOutput } from "./outputs.ts";

let folder: TemporaryFolder;
const at = (...names: readonly string[]): string => join(folder.path, ...names);

beforeEach(() => {
  folder = new TemporaryFolder();
});

afterEach(() => folder[Symbol.dispose]());

const isRoot = process.getuid?.() === 0;
const hasProcFiles = process.platform === "linux";

describe("what is written to", () => {
  it("is replaced as a whole where it is a file, whose mode it keeps", async () => {
    writeFileSync(at("report.txt"), "a much longer text that was there before");
    chmodSync(at("report.txt"), 0o640);
    const { ino } = statSync(at("report.txt"));
    await writeOutput(at("report.txt"), "new");
    expect(readFileSync(at("report.txt"), "utf8")).toBe("new");
    expect(statSync(at("report.txt")).mode & 0o7777).toBe(0o640);
    expect(statSync(at("report.txt")).ino).not.toBe(ino);
    expect(readdirSync(folder.path)).toEqual(["report.txt"]);
  });

  it.runIf(isRoot)("stays its owner's, also where root writes", async () => {
    writeFileSync(at("report.txt"), "");
    execFileSync("chown", ["1234:4321", at("report.txt")]);
    await writeOutput(at("report.txt"), "new");
    expect(statSync(at("report.txt"))).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it("is what a chain of links leads to, be it there or not yet", async () => {
    mkdirSync(at("real"));
    mkdirSync(at("links"));
    symlinkSync("../real/report.txt", at("links", "near"));
    symlinkSync("links/near", at("far"));
    for (const text of ["first", "second"]) {
      await proveOutput(at("far"), "--out", []);
      await writeOutput(at("far"), text);
      expect(readFileSync(at("real", "report.txt"), "utf8")).toBe(text);
    }
    expect(lstatSync(at("far")).isSymbolicLink()).toBe(true);
    expect(lstatSync(at("links", "near")).isSymbolicLink()).toBe(true);
  });

  it("keeps all of its names", async () => {
    writeFileSync(at("one"), "a much longer text that was there before");
    linkSync(at("one"), at("other"));
    await writeOutput(at("one"), "new");
    expect(readFileSync(at("other"), "utf8")).toBe("new");
  });

  it.skipIf(process.platform === "win32")("stays a pipe where it is one", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    await proveOutput(at("pipe"), "--out", []);
    const read = readFile(at("pipe"), "utf8");
    await writeOutput(at("pipe"), "new");
    expect(await read).toBe("new");
    expect(lstatSync(at("pipe")).isFIFO()).toBe(true);
  });

  it.runIf(hasProcFiles)("stays a device where it is one", async () => {
    symlinkSync("/dev/null", at("device"));
    await proveOutput(at("device"), "--out", []);
    await writeOutput(at("device"), "new");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it.runIf(hasProcFiles)("is an open descriptor where that is named", async () => {
    await using file = await open(at("log"), "a");
    await file.writeFile("before, ");
    for (const path of [`/dev/fd/${file.fd}`, `/proc/self/fd/${file.fd}`]) {
      await proveOutput(path, "--write", []);
      await writeOutput(path, `${path.length}, `);
    }
    expect(readFileSync(at("log"), "utf8")).toMatch(/^before, \d+, \d+, $/);
  });
});

describe("what can't be written to is named before anything starts:", () => {
  const refused = async (path: string, inputs: readonly string[] = []): Promise<string> => {
    const error: unknown = await proveOutput(path, "--out", inputs).catch((why: unknown) => why);
    return error instanceof Error ? error.message : "nothing";
  };

  it("a folder, and what is named as one", async () => {
    mkdirSync(at("folder"));
    expect(await refused(at("folder"))).toMatch(/folder is a folder; name a file in it$/);
    expect(await refused(at("another/"))).toMatch(/another\/ is a folder; name a file in it$/);
    expect(readdirSync(folder.path)).toEqual(["folder"]);
  });

  it("links that go round", async () => {
    symlinkSync("b", at("a"));
    symlinkSync("a", at("b"));
    expect(await refused(at("a"))).toMatch(/^--out: can't write to \S+a \(ELOOP\)$/);
  });

  it.runIf(hasProcFiles)("a descriptor that isn't open", async () => {
    const closed = openSync("/dev/null", "w");
    closeSync(closed);
    expect(await refused(`/dev/fd/${closed}`)).toBe(
      `--out: can't write to /dev/fd/${closed} (EBADF)`,
    );
  });

  it("a file that is read, whatever it is called", async () => {
    writeFileSync(at("results.json"), "{}");
    symlinkSync("results.json", at("link"));
    linkSync(at("results.json"), at("hard"));
    for (const name of ["results.json", "link", "hard"]) {
      expect(await refused(at(name), [at("results.json")])).toMatch(/ is an input/);
      expect(await refused(at("results.json"), [at(name)])).toMatch(/ is an input/);
    }
    expect(await refused(at("other.json"), [at("results.json")])).toBe("nothing");
  });
});
