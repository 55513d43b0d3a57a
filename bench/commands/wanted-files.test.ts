import { linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { BenchError } from "../errors/errors.ts";
import { proveWritable } from "./wanted-files.ts";

describe("what --write is given", () => {
  it("is a format and a path, as often as one likes", async () => {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "ci", "a=b.xml");
    expect(await proveWritable([`junit=${path}`, `md=${path}.md`])).toEqual([
      { format: "junit", path },
      { format: "md", path: `${path}.md` },
    ]);
    // The folder is made, and nothing is left in it.
    expect(readdirSync(join(folder.path, "ci"))).toEqual([]);
  });

  it("may be nothing", async () => {
    expect(await proveWritable()).toEqual([]);
  });

  it.each([
    ["junt=x.xml", /^--write: unknown format "junt"; did you mean "junit"\? known are terminal, /],
    ["report.xml", /^--write: unknown format "report.xml"; known are/],
    ["junit", /^--write: "junit" names no file; write junit=path$/],
    ["junit=", /^--write: "junit=" names no file/],
    ["junit=/proc/nothing/here.xml", /^--write: can't write to \/proc\/nothing \(E[A-Z]+\)$/],
  ])("is refused in one line: %s", async (given, message) => {
    await expect(proveWritable([given])).rejects.toThrow(message);
    await expect(proveWritable([given])).rejects.toBeInstanceOf(BenchError);
  });

  it("is refused where one file is asked for twice, or is a folder", async () => {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "report");
    await expect(proveWritable([`junit=${path}`, `md=${path}`])).rejects.toThrow(/named twice/);
    writeFileSync(path, "");
    for (const link of [linkSync, symlinkSync]) {
      const other = `${path}.${link.name}`;
      link(path, other);
      await expect(proveWritable([`junit=${path}`, `md=${other}`])).rejects.toThrow(/named twice/);
    }
    rmSync(path);
    mkdirSync(path);
    await expect(proveWritable([`junit=${path}`])).rejects.toThrow(
      /is a folder; name a file in it/,
    );
  });
});
