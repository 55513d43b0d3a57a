import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { BenchError } from "../errors/errors.ts";
import { parseResults, readResults, saveResults } from "./files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "transport-bench-"));
});

afterEach(() => rm(folder, { recursive: true }));

const results = resultsOf([trialOf("sse", { phases: [phaseOf()] })]);
const text = JSON.stringify(results);

function complaint(given: string): string {
  try {
    parseResults(given, "there/results.json");
  } catch (error) {
    if (error instanceof BenchError && error.code === "results") return error.message;
    throw error;
  }
  return "none";
}

/** The file with something else in place of one of its parts. */
function changed(part: string, by: string): string {
  expect(text.split(part)).toHaveLength(2);
  return text.replace(part, by);
}

describe("a results file", () => {
  it("is read back as it was saved, by its own path and by its folder's", async () => {
    await saveResults(folder, results);
    expect(await readResults(join(folder, "results.json"))).toEqual(results);
    expect(await readResults(folder)).toEqual(results);
  });

  it("takes the place of an older one, and leaves nothing else behind", async () => {
    await saveResults(folder, resultsOf([]));
    await saveResults(folder, results);
    expect(await readdir(folder)).toEqual(["results.json"]);
    expect(await readResults(folder)).toEqual(results);
  });

  it("can be cut off nowhere without that being told", () => {
    const why = "there/results.json: is not complete JSON; it was cut off or edited";
    for (let end = 1; end < text.length; end += 97) {
      expect(complaint(text.slice(0, end))).toBe(why);
    }
  });

  it.each(["null", "[]", "{}", '"text"', '{"format":"other","schemaVersion":1}'])(
    "is not one of ours: %s",
    (given) => {
      expect(complaint(given)).toBe(
        'there/results.json: is not a results file of bench ("format" must be "transport-bench results")',
      );
    },
  );

  it.each([
    [6, "update it"],
    [4, "measure again"],
  ])("of schema version %d asks to %s", (version, way) => {
    expect(complaint(changed('"schemaVersion":5', `"schemaVersion":${version}`))).toBe(
      `there/results.json: has schema version ${version}; this bench reads 5, ${way}`,
    );
  });

  it.each([
    ["a text in place of a number", '"seed":7', '"seed":"7"', /: run\.seed: .*number/],
    ["a negative count", '"repetition":1', '"repetition":-1', /: trials\.0\.repetition: /],
    ["an unknown status", '"status":"valid"', '"status":"fine"', /: trials\.0\.outcome\.status: /],
    ["a missing field", '"intended":20,"expected"', '"expected"', /: trials\.0\.phases\.0\.\S+: /],
    [
      "a day by its name",
      '"startedAt":"2026-11-23T08:30:00.000Z"',
      '"startedAt":"yesterday"',
      /: run\.startedAt: /,
    ],
    ["an unknown field", '"seed":7', '"seed":7,"sead":8', /: run: .*"sead"/],
    [
      "an unknown field at the top",
      '"format"',
      '"from":1,"format"',
      /results\.json: [A-Z].*"from"/,
    ],
  ])("with %s names the place", (_what, part, by, message) => {
    expect(complaint(changed(part, by))).toMatch(message);
  });

  it("whose histogram can't be decoded is refused, and not left to fail in a report", () => {
    const { encoded } = phaseOf().latency.lastClient;
    expect(complaint(changed(encoded, "AAAA"))).toMatch(
      /: trials\.0\.phases\.0\.latency\.lastClient/,
    );
  });

  it.each([["no-such-file.json"], ["no/such/folder"]])(
    "that isn't there is named: %s",
    async (name) => {
      const path = join(folder, name);
      await expect(readResults(path)).rejects.toThrow(
        new BenchError("results", `${path}: can't be read (ENOENT)`),
      );
    },
  );

  it("is looked for in a folder by its name", async () => {
    await expect(readResults(folder)).rejects.toThrow(
      `${join(folder, "results.json")}: can't be read`,
    );
  });
});
