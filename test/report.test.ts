import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveResults } from "../bench/results/files.ts";
import { jsonSchema } from "../reports/json-schema.ts";
import { formatNames } from "../reports/format-names.ts";
import { reports } from "../reports/index.ts";
import { BenchProcess, TemporaryFolder, bench, benchFile, eventually } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { isMissing, procFiles, pseudoTerminal } from "./requirements.ts";
import { resultsOf, trialsOf } from "./results-fixture.ts";

const words = (line: string): string[] => line.split(" ");

const tiny = words(
  "--quick --duration 100ms --warmup 0ms --seed 1 --extra-trials 0 --scenarios latency --transports sse,websocket",
);

/** Where one run has been, on which all of the tests look. */
const folder = new TemporaryFolder();
let printed: Ended;

beforeAll(async () => {
  printed = await bench(folder.path, "run", ...tiny, "--out", "out");
  cpSync(join(folder.path, "out"), join(folder.path, "again"), { recursive: true });
});

afterAll(() => folder[Symbol.dispose]());

const at = (...path: string[]): string => join(folder.path, ...path);
const inFolder = (line: string): Promise<Ended> => bench(folder.path, ...words(line));

describe("bench run", () => {
  it("says where everything is", () => {
    const [, place, files = ""] = /^Results: (\S+) \((.*)\)$/m.exec(printed.stdout) ?? [];
    expect(place).toBe("out");
    const listed = files.split(", ").map((name) => name.replace(/\/$/, ""));
    expect(listed.toSorted()).toEqual(readdirSync(at("out")).toSorted());
    expect(/^Page: +(\S+)$/m.exec(printed.stdout)?.[1]).toBe("out/report.html");
  });

  it.skipIf(isMissing(procFiles))("loads what draws charts only when all is measured", async () => {
    await using run = new BenchProcess(folder.path, ["run", ...tiny, "--out", "lazy", "--quiet"]);
    await run.measuring("load");
    // A file that is mapped: the canvas is one.
    const maps = readFileSync(`/proc/${run.pid}/maps`, "utf8");
    expect(maps).toContain("node");
    expect(maps).not.toMatch(/canvas/);
    await run.ended;
    expect(readdirSync(at("lazy", "charts")).length).toBeGreaterThan(0);
  });

  it("with --no-report leaves nothing but results.json, and prints its tables", async () => {
    const { stdout } = await bench(folder.path, "run", ...tiny, "--out", "bare", "--no-report");
    expect(readdirSync(at("bare"))).toEqual(["results.json"]);
    expect(stdout).toContain("LATENCY");
    expect(stdout).toMatch(/^Results: bare \(results\.json\)$/m);
    expect(stdout).not.toContain("Page:");
  });

  it("with --open hands the page to the browser, and says so where there is none", async () => {
    const browser = at("browser");
    writeFileSync(
      browser,
      `#!/bin/sh\nprintf '%s' "$1" > "${at("opened")}.tmp"\nmv "${at("opened")}.tmp" "${at("opened")}"\n`,
    );
    chmodSync(browser, 0o755);
    const withBrowser = async (program: string): Promise<Ended> => {
      const noDesktop = ["DISPLAY=", "WAYLAND_DISPLAY=", "XDG_CURRENT_DESKTOP=X-Generic"];
      const command = ["env", ...noDesktop, `BROWSER=${program}`];
      const line = ["run", ...tiny, "--out", "shown", "--open", "--quiet"];
      await using process = new BenchProcess(folder.path, line, command);
      return await process.ended;
    };
    expect((await withBrowser(browser)).stderr).toBe("");
    await eventually(() => existsSync(at("opened")));
    expect(readFileSync(at("opened"), "utf8")).toMatch(/\/shown\/report\.html$/);
    const { code, stderr } = await withBrowser("/nowhere/browser");
    expect(stderr).toMatch(/^--open: can't open shown\/report\.html: no program is found/);
    expect([0, 1]).toContain(code);
  });
});

describe("bench report", () => {
  it("has a report for every format that its help names", () => {
    const names: string[] = reports.map(({ name }) => name);
    expect(names.toSorted()).toEqual(formatNames.toSorted());
  });

  const written = reports.filter(({ file, several }) => file !== null && !several);

  it.each(written)(
    "makes the $name that the run wrote again, from results.json alone",
    async ({ name, file }) => {
      const { code, stdout, stderr } = await inFolder(
        `report out/results.json --format ${name} --out made/${name}`,
      );
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
      const made = readFileSync(at("made", name), "utf8");
      expect(made).toBe(readFileSync(at("out", file ?? ""), "utf8"));
    },
  );

  const folders = reports.filter(({ several }) => several);

  it("makes the pictures that the run wrote again", async () => {
    for (const { name, file } of folders) {
      const { code } = await inFolder(`report out --format ${name} --out made/${name}`);
      expect(code).toBe(0);
      const names = readdirSync(at("out", file ?? "")).toSorted();
      expect(readdirSync(at("made", name)).toSorted()).toEqual(names);
      for (const one of names) {
        expect(readFileSync(at("made", name, one))).toEqual(
          readFileSync(at("out", file ?? "", one)),
        );
      }
    }
  });

  it("prints what it would write", async () => {
    const { stdout } = await inFolder("report out --format md");
    expect(stdout).toBe(readFileSync(at("out", "report.md"), "utf8"));
  });

  it("prints the tables that the run printed", async () => {
    const { stdout } = await inFolder("report out");
    expect(printed.stdout.startsWith(stdout.trimEnd())).toBe(true);
  });

  it("says the same as JSON", async () => {
    const { stdout } = await inFolder("report out --format json");
    const document = jsonSchema.parse(JSON.parse(stdout));
    expect(document.scenarios[0]?.tables[0]?.rows.map(({ variant }) => variant)).toEqual([
      "sse",
      "websocket",
    ]);
  });

  it.each(["terminal", "md", "html", "json"])(
    "makes %s of several files, known by their folders",
    async (name) => {
      const { code, stdout } = await inFolder(`report out again/results.json --format ${name}`);
      expect(code).toBe(0);
      for (const label of ["out", "again"])
        expect(stdout).toMatch(new RegExp(String.raw`\b${label}\b`));
    },
  );

  it("calls results files by as much of their path as tells them apart", async () => {
    const labelsOf = async (...paths: string[]): Promise<(string | null)[]> => {
      const { stdout } = await bench(folder.path, "report", ...paths, "--format", "json");
      return jsonSchema.parse(JSON.parse(stdout)).runs.map(({ label }) => label);
    };
    const results = resultsOf(trialsOf("sse", "x", [1]));
    for (const path of ["a/run", "b/run", "c"]) {
      mkdirSync(at(path), { recursive: true });
      await saveResults(at(path), results);
    }
    cpSync(at("c/results.json"), at("c.json"));
    cpSync(at("c/results.json"), at("c/old.json"));
    expect(await labelsOf("c")).toEqual([null]);
    expect(await labelsOf("a/run", "c/results.json")).toEqual(["run", "c"]);
    expect(await labelsOf("c", "c/old.json")).toEqual(["c", "old"]);
    expect(await labelsOf("a/run", "b/run/results.json")).toEqual(["a/run", "b/run"]);
    expect(await labelsOf("c", "c.json")).toEqual(["c/results.json", "c.json"]);
  });

  it.each([
    ["report out out", /^error: out: is named twice; name each results file once$/m],
    ["report out again out/results.json", /^error: out\/results\.json: is named twice/],
    ["report out --format md --out again", /^error: --out: again is a folder; name a file in it$/m],
    ["report out --out out/results.json", /^error: --out: out\/results\.json is what is read here/],
    [
      "report out --out /dev/null/a/b",
      /^error: --out: can't write to \/dev\/null\/a\/b \(ENOTDIR\)$/m,
    ],
    [
      "report out --out /proc/nothing/b",
      /^error: --out: can't write to \/proc\/nothing \(E[A-Z]+\)$/m,
    ],
  ])("bench %s is refused in one line, and nothing is written", async (line, message) => {
    const before = readFileSync(at("out", "results.json"));
    const { code, stdout, stderr } = await inFolder(line);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(readFileSync(at("out", "results.json"))).toEqual(before);
  });

  it("wants a folder for pictures", async () => {
    const none = await inFolder("report out --format png");
    expect(none.stderr).toMatch(/^error: --out: png makes several files; name a folder for them$/m);
    const file = await inFolder("report out --format png --out out/results.csv");
    expect(file.stderr).toMatch(/^error: --out: out\/results\.csv is a file; png needs a folder$/m);
    expect([none.code, file.code]).toEqual([2, 2]);
  });

  it.skipIf(isMissing(pseudoTerminal))("writes no page to a terminal", async () => {
    const line = [process.execPath, benchFile, ...words("report out --format html")];
    const command = line.map((word) => `'${word}'`).join(" ");
    const script = `script -qec "${command}" /dev/null`;
    await using terminal = new BenchProcess(folder.path, [], ["bash", "-c", script]);
    expect((await terminal.ended).stdout).toMatch(/error: --out: html is not for a terminal/);
  });

  it("makes the folder in which it is to write", async () => {
    const { code } = await inFolder("report out --format csv --out new/and/newer/x.csv");
    expect(code).toBe(0);
    expect(readFileSync(at("new/and/newer/x.csv"), "utf8")).toMatch(/^run,/);
  });
});
