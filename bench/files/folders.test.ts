import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { reportFiles } from "../commands/result-folder.ts";
import { newFolder, prepareFolder } from "./folders.ts";
import { openRunFolder } from "./run-folder.ts";

let folder: TemporaryFolder;
const at = (...names: readonly string[]): string => join(folder.path, ...names);

beforeEach(() => {
  folder = new TemporaryFolder();
});

afterEach(() => {
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
});

/** The folder, and what was said of it. */
async function opened(out: string): Promise<{ path: string; said: string }> {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const path = await openRunFolder({ out, quiet: false }, "--out", [], reportFiles);
  return { path, said: write.mock.calls.join("") };
}

describe("the folder for results", () => {
  it("is made with those above it, and left empty", async () => {
    await prepareFolder(at("a", "b"), "--out");
    expect(readdirSync(at("a", "b"))).toEqual([]);
  });

  it("can't be where a file is, and the flag is named", async () => {
    writeFileSync(at("file"), "");
    for (const make of [prepareFolder, newFolder]) {
      await expect(make(at("file", "in"), "--out")).rejects.toMatchObject({
        code: "usage",
        message: expect.stringMatching(/^--out: can't write to \S+ \(E[A-Z]+\)$/),
      });
    }
  });

  it("is another one for each run, also of those that start at once", async () => {
    const wanted = at("runs", "2026-11-23T08-30-05");
    const made = await Promise.all(Array.from({ length: 5 }, () => newFolder(wanted, "--out")));
    expect(new Set(made).size).toBe(5);
    expect(made.toSorted()).toEqual([wanted, ...[2, 3, 4, 5].map((n) => `${wanted}-${n}`)]);
    expect(readdirSync(at("runs"))).toHaveLength(5);
  });

  it("may lie beside one that isn't there", async () => {
    const out = `${at("new")}/../other`;
    expect(await opened(out)).toEqual({ path: at("other"), said: "" });
    expect(readdirSync(at("other"))).toEqual([]);
  });

  it("doesn't hold a file that is read and would be replaced", async () => {
    writeFileSync(at("results.json"), "{}");
    const asked = { out: folder.path, quiet: true };
    const open = openRunFolder(asked, "--out", [at("results.json")], reportFiles);
    await expect(open).rejects.toThrow(/^--out: \S+results\.json is an input/);
  });

  it.each<[string, string]>([
    ["results.json", "results"],
    ["comparison.json", "comparison"],
    ["baseline/results.json", "results"],
  ])("may hold those of earlier, which is told, by its %s", async (file, format) => {
    await prepareFolder(at("baseline"), "--out");
    writeFileSync(at("report.md"), "");
    writeFileSync(at(file), `{ "format": "transport-bench ${format}", "schemaVersion": 1 }`);
    writeFileSync(at("notes.txt"), "");
    expect(await opened(folder.path)).toEqual({
      path: folder.path,
      said: `--out: ${folder.path} holds earlier results; files of the same names are replaced\n`,
    });
  });

  it.each([
    ["results.json", "{}"],
    ["comparison.json", '{ "of": { "format": "transport-bench comparison" } }'],
    ["baseline/results.json", ""],
    ["report.md", "# My report"],
    ["junit.xml", "<testsuites/>"],
  ])("isn't one in which %s is somebody else's", async (file, text) => {
    await prepareFolder(at("baseline"), "--out");
    writeFileSync(at(file), text);
    await expect(opened(folder.path)).rejects.toMatchObject({
      code: "usage",
      message: `--out: ${at(file)} already exists, is not part of bench's results, and would be replaced; name another folder`,
    });
  });

  it("may hold what bench never writes", async () => {
    writeFileSync(at("package.json"), "{}");
    expect(await opened(folder.path)).toEqual({ path: folder.path, said: "" });
  });

  it.each(reportFiles)("isn't taken for one when all that it has is a %s", async (file) => {
    writeFileSync(at(file), "mine");
    await expect(opened(folder.path)).rejects.toThrow(`--out: ${at(file)} already exists`);
  });
});
