import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { comparisonReports } from "../../reports/verdict/index.ts";
import { reports } from "../../reports/index.ts";
import { newFolder, prepareFolder } from "./folders.ts";
import { openRunFolder, runFiles } from "./run-folder.ts";

let folder: TemporaryFolder;
const at = (...names: readonly string[]): string => join(folder.path, ...names);

beforeEach(() => {
  folder = new TemporaryFolder();
});

afterEach(() => folder[Symbol.dispose]());

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
    expect(await openRunFolder({ out, flag: "--out", inputs: [] })).toBe(at("other"));
    expect(readdirSync(at("other"))).toEqual([]);
  });

  it("doesn't hold a file that is read and would be replaced", async () => {
    writeFileSync(at("results.json"), "{}");
    const open = openRunFolder({
      out: folder.path,
      flag: "--out",
      inputs: [at("results.json")],
    });
    await expect(open).rejects.toThrow(/^--out: \S+results\.json is what is read here/);
  });

  it("knows the files of every report", () => {
    const files = [...reports, ...comparisonReports].flatMap(({ file }) => file ?? []);
    const single = files.filter((file) => file !== "charts");
    expect(runFiles).toEqual(expect.arrayContaining(single));
  });
});
