import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placed } from "./error-place.ts";
import { evaluateFile } from "./evaluate-file.ts";
import type { Evaluated } from "./evaluate-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "transport-bench-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function evaluated(
  text: string,
  maxMs = 60_000,
  limits: { maxStartMs?: number } = {},
): Promise<Evaluated> {
  const path = join(folder, "file.ts");
  await writeFile(path, text);
  return await evaluateFile(path, { maxMs, ...limits, wantsData: false });
}

describe("a file that is only to be importable", () => {
  it("may export what is no plain data", async () => {
    expect(await evaluated("export default { play() {} };")).toEqual({ exported: null });
  });

  it.each([
    ["waits for what never comes", "await new Promise((resolve) => setInterval(() => {}, 1000));"],
    ["never rests", "while (true) {}"],
  ])("is ended in time where it %s", async (_what, text) => {
    expect(await evaluated(text, 500)).toMatchObject({ reason: "it takes longer than 0.5 s" });
  });

  it("has its time counted from its import on: the start of Node has a limit of its own", async () => {
    expect(await evaluated("export default {};", 0, { maxStartMs: 1 })).toMatchObject({
      reason: "Node takes longer than 0.001 s to start",
    });
  });

  it("is told from one that ends its process", async () => {
    const outcome = await evaluated("process.exit(0);");
    expect(outcome).toMatchObject({ reason: "it ends before it has exported anything" });
  });
});

it("tells what fails behind the back of a file that was imported", async () => {
  const outcome = await evaluated("void Promise.reject(new Error('unseen')); export default {};");
  expect(outcome).toMatchObject({ reason: "unseen" });
});

describe("the place of an error", () => {
  it.each([
    [
      "thrown",
      "\nconst f = (): never => {\n  throw new Error('first\\nsecond');\n};\nf();",
      ":3: first",
    ],
    ["of syntax", "const a = 1;\nconst b = ;", ":2: Unexpected token"],
    [
      "of a missing module",
      '\n\nimport "./not-there.ts";',
      ":3: Cannot find module './not-there.ts'",
    ],
    [
      "of a missing package",
      'import "not-there";',
      ":1: Cannot find module 'not-there': npm install not-there",
    ],
    [
      "of missing packages",
      `import type { T } from "types-alone";
import { a } from "@scope/not-there/path.js";
import {
  b,
} from "not-there";
import "node:fs";
import { z } from "transport-bench/transport";
import { c } from "./file-of-its-own.ts";
export default [a, b, c, z];`,
      ":2: Cannot find module '@scope/not-there/path.js': npm install @scope/not-there not-there",
    ],
    ["that is none", "throw 5;", ": 5"],
  ])("is its file and line: one %s", async (_what, text, told) => {
    const outcome = await evaluated(text);
    const { reason, stack } = "reason" in outcome ? outcome : { reason: "", stack: "" };
    expect(placed("FILE", reason, stack).replace(join(folder, "file.ts"), "FILE")).toBe(
      `FILE${told}`,
    );
  });
});
