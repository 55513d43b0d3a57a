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
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import { readResults, saveResults } from "../bench/results/files.ts";
import { jsonSchema } from "../reports/json-schema.ts";
import { isFolder } from "../reports/report.ts";
import { reports } from "../reports/index.ts";
import { BenchProcess, TemporaryFolder, benchFile, eventually } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { endingsOf } from "./endings.ts";
import type { Ending } from "./endings.ts";
import { isMissing, procFiles, pseudoTerminal } from "./requirements.ts";
import { resultsOf, trialsOf } from "./results-fixture.ts";

const words = (line: string): string[] => line.split(" ");

const tiny = words("--quick --duration 100ms --warmup 0ms --seed 1 --extra-trials 0 --scenarios");
const withoutDesktop = ["env", "DISPLAY=", "WAYLAND_DISPLAY=", "XDG_CURRENT_DESKTOP=X-Generic"];

/** Where one run has been, on which all of the tests look. */
const folder = new TemporaryFolder();
const at = (...path: string[]): string => join(folder.path, ...path);
let printed: Ended;

beforeAll(async () => {
  writeFileSync(
    at("browser"),
    `#!/bin/sh\nprintf '%s' "$1" > "${at("opened")}.tmp"\nmv "${at("opened")}.tmp" "${at("opened")}"\n`,
  );
  chmodSync(at("browser"), 0o755);
  await using run = new BenchProcess(
    folder.path,
    // Charts are drawn of what counts, which a busy machine leaves to another trial.
    [
      "run",
      ...tiny,
      ...words("latency --extra-trials 9 --transports sse,websocket --out out --open"),
    ],
    [...withoutDesktop, `BROWSER=${at("browser")}`],
  );
  printed = await run.ended;
  cpSync(at("out"), at("again"), { recursive: true });
  const results = resultsOf(trialsOf("sse", "x", [1]));
  for (const path of ["a/run", "b/run", "c"]) {
    mkdirSync(at(path), { recursive: true });
    await saveResults(at(path), results);
  }
  cpSync(at("c/results.json"), at("c.json"));
  cpSync(at("c/results.json"), at("c/old.json"));
});

afterAll(() => folder[Symbol.dispose]());

describe("bench run", () => {
  it("says where everything is", () => {
    const [, place, files = ""] = /^Results: (\S+) \((.*)\)$/m.exec(printed.stdout) ?? [];
    expect(place).toBe("out");
    const listed = files.split(", ").map((name) => name.replace(/\/$/, ""));
    expect(listed.toSorted()).toEqual(readdirSync(at("out")).toSorted());
    expect(/^Page: +(\S+)$/m.exec(printed.stdout)?.[1]).toBe("out/report.html");
  });

  it("draws charts", () => {
    expect(readdirSync(at("out", "charts")).length).toBeGreaterThan(0);
  });

  it.skipIf(isMissing(procFiles))("loads what draws them only when all is measured", async () => {
    // The test is over long before.
    const endless = ["echo", "--duration", "10m", "--transports", "sse", "--out", "endless"];
    await using run = new BenchProcess(folder.path, ["run", ...tiny, ...endless]);
    await run.measuring("load");
    // A file that is mapped: the canvas is one.
    const maps = readFileSync(`/proc/${run.pid}/maps`, "utf8");
    expect(maps).toContain("node");
    expect(maps).not.toMatch(/canvas/);
  });

  it("with --open hands the page to the browser", async () => {
    expect(printed.stderr).not.toContain("--open");
    await eventually(() => existsSync(at("opened")));
    expect(readFileSync(at("opened"), "utf8")).toMatch(/\/out\/report\.html$/);
  });

  it("with --open says so where there is no browser", async () => {
    await using process = new BenchProcess(
      folder.path,
      ["run", ...tiny, "echo", "--transports", "sse", "--out", "shown", "--open", "--quiet"],
      [...withoutDesktop, "BROWSER=/nowhere/browser"],
    );
    const { code, stderr } = await process.ended;
    expect(stderr).toMatch(
      /^--open: can't open shown\/report\.html: no program that opens pages was found/,
    );
    expect(code).toBe(runCode(await readResults(at("shown"))));
  });
});

describe("bench report", () => {
  const lines: string[] = [];
  let ended: ((index: number) => Promise<Ending>) | undefined;
  /** Has a command called with all others of these tests; what it returns asks how it ended. */
  const called = (line: string): (() => Promise<Ending>) => {
    const index = lines.push(line) - 1;
    return () => {
      ended ??= endingsOf(lines.map((each) => ({ line: each, folder: folder.path })));
      return ended(index);
    };
  };

  const written = reports
    .filter((report) => report.file !== null && !isFolder(report))
    .map(({ name, file }) => ({
      name,
      file,
      made: called(`report out/results.json --format ${name} --out made/${name}`),
    }));

  it.each(written)(
    "makes the $name that the run wrote again, from results.json alone",
    async ({ name, file, made }) => {
      expect(await made()).toMatchObject({ code: 0, stdout: "", stderr: "" });
      expect(readFileSync(at("made", name), "utf8")).toBe(
        readFileSync(at("out", file ?? ""), "utf8"),
      );
    },
  );

  const folders = reports.filter(isFolder).map(({ name, file }) => ({
    name,
    file,
    made: called(`report out --format ${name} --out made/${name}`),
  }));

  it.each(folders)(
    "makes the $name that the run wrote again",
    async ({ name, file, made: ending }) => {
      expect((await ending()).code).toBe(0);
      const names = readdirSync(at("out", file ?? "")).toSorted();
      expect(readdirSync(at("made", name)).toSorted()).toEqual(names);
      for (const one of names) {
        const made = readFileSync(at("made", name, one));
        expect(made.equals(readFileSync(at("out", file ?? "", one))), one).toBe(true);
      }
    },
  );

  const markdown = called("report out --format md");
  it("prints what it would write", async () => {
    expect((await markdown()).stdout).toBe(readFileSync(at("out", "report.md"), "utf8"));
  });

  const tables = called("report out");
  it("prints the tables that the run printed", async () => {
    const { stdout } = await tables();
    expect(printed.stdout.startsWith(stdout.trimEnd())).toBe(true);
  });

  const json = called("report out --format json");
  it("says the same as JSON", async () => {
    const document = jsonSchema.parse(JSON.parse((await json()).stdout));
    expect(document.scenarios[0]?.tables[0]?.rows.map(({ variant }) => variant)).toEqual([
      "sse",
      "websocket",
    ]);
  });

  const ofSeveral = ["terminal", "md", "html", "json"].map((name) => ({
    name,
    made: called(`report out again/results.json --format ${name}`),
  }));
  it.each(ofSeveral)("makes $name of several files, known by their folders", async ({ made }) => {
    const { code, stdout } = await made();
    expect(code).toBe(0);
    for (const label of ["out", "again"]) {
      expect(stdout).toMatch(new RegExp(String.raw`\b${label}\b`));
    }
  });

  const labelled = (
    [
      [["c"], [null]],
      [
        ["a/run", "c/results.json"],
        ["run", "c"],
      ],
      [
        ["c", "c/old.json"],
        ["c", "old"],
      ],
      [
        ["a/run", "b/run/results.json"],
        ["a/run", "b/run"],
      ],
      [
        ["c", "c.json"],
        ["c/results.json", "c.json"],
      ],
    ] as const
  ).map(([paths, labels]) => ({
    paths,
    labels,
    made: called(`report ${paths.join(" ")} --format json`),
  }));
  it.each(labelled)(
    "calls $paths by as much of them as tells them apart",
    async ({ labels, made }) => {
      const { runs } = jsonSchema.parse(JSON.parse((await made()).stdout));
      expect(runs.map(({ label }) => label)).toEqual(labels);
    },
  );

  const refused = (
    [
      ["report out out", /^error: out: is named twice; name each results file once$/m],
      ["report out again out/results.json", /^error: out\/results\.json: is named twice/],
      [
        "report out --format md --out again",
        /^error: --out: again is a folder; name a file in it$/m,
      ],
      ["report out --out out/results.json", /^error: --out: out\/results\.json is an input/],
      [
        "report out --out /dev/null/a/b",
        /^error: --out: can't write to \/dev\/null\/a\/b \(ENOTDIR\)$/m,
      ],
      [
        "report out --out /proc/nothing/b",
        /^error: --out: can't write to \/proc\/nothing \(E[A-Z]+\)$/m,
      ],
      [
        "report out --format png",
        /^error: --out: png makes several files; name a folder for them$/m,
      ],
      [
        "report out --format png --out out/results.csv",
        /^error: --out: out\/results\.csv is a file; png needs a folder$/m,
      ],
    ] as const
  ).map(([line, message]) => ({ line, message, ending: called(line) }));
  it.each(refused)(
    "bench $line is refused in one line, and nothing is written",
    async ({ message, ending }) => {
      const { code, stdout, stderr } = await ending();
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      const results = (of: string): Buffer => readFileSync(at(of, "results.json"));
      expect(results("out").equals(results("again"))).toBe(true);
    },
  );

  it.skipIf(isMissing(pseudoTerminal))("writes no page to a terminal", async () => {
    const line = [process.execPath, benchFile, ...words("report out --format html")];
    const command = line.map((word) => `'${word}'`).join(" ");
    const script = `script -qec "${command}" /dev/null`;
    await using terminal = new BenchProcess(folder.path, [], ["bash", "-c", script]);
    expect((await terminal.ended).stdout).toMatch(/error: --out: html is not for a terminal/);
  });

  const schema = called("schema");
  it("is made of results that keep to the schema that bench schema prints", async () => {
    const keeps = new Ajv2020({ strict: false }).compile(JSON.parse((await schema()).stdout));
    const results: unknown = JSON.parse(readFileSync(at("out", "results.json"), "utf8"));
    expect(keeps(results)).toBe(true);
    expect(keeps({ ...(results as object), trials: "none" })).toBe(false);
  });

  const nested = called("report out --format csv --out new/and/newer/x.csv");
  it("makes the folder in which it is to write", async () => {
    expect((await nested()).code).toBe(0);
    expect(readFileSync(at("new/and/newer/x.csv"), "utf8")).toMatch(/^run,/);
  });
});
