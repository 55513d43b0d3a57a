import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatNames } from "../reports/format-names.ts";
import { reports } from "../reports/index.ts";
import { scenarios } from "../scenarios/index.ts";
import { optionName } from "../bench/variant.ts";
import { transports } from "../transports/index.ts";
import { TemporaryFolder, bench, benchEach, benchFile } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { isMissing, procFiles } from "./requirements.ts";

describe("wrong usage is told in one line, before anything is started", () => {
  const lines: readonly (readonly [string, RegExp])[] = [
    ["run --transports websockt", /^error: --transports: .*"websockt".*did you mean "websocket"\?/],
    ["run --transports sse:evntsource", /no client "evntsource".*did you mean "eventsource"\?/],
    ["run --transports sse+hartbeat=1s", /no option "hartbeat".*did you mean "heartbeat"\?/],
    ["run --transports short-polling@soon", /interval: "soon" is not a duration from/],
    ["run --transports sse,sse", /--transports: "sse" is named twice/],
    ["run --transports ws,websocket", /--transports: "websocket" is named twice/],
    ["run --transports wss", /--transports: .*WebSocket over TLS is not supported yet; known are/],
    ["run --target https://localhost:3000", /--target: .*TLS is not supported yet; give http:/],
    ["conformance wss://localhost:1 --transport ws", /WebSocket over TLS is not supported yet/],
    ["run --scenarios latncy", /^error: --scenarios: .*did you mean "latency"\?.*known are/],
    ["run --clients none", /^error: --clients: "none" is not a whole number from 1 to/],
    ["run --clients 0", /--clients: "0" is not/],
    ["run --clients 2.5", /--clients: .*2\.5.* is not a whole number/],
    ["run --rate -1", /--rate: "-1" is not a number from/],
    ["run --payload 16", /--payload: "16" is not a size from 40 to/],
    ["run --payload 4parsecs", /--payload: "4parsecs" is not a size/],
    ["run --duration 10", /--duration: "10" is not a duration .*such as 500ms/],
    ["run --warmup 1y", /--warmup: "1y" is not a duration/],
    ["run --trials 0", /--trials: "0" is not/],
    ["run --extra-trials -1", /--extra-trials: "-1" is not a whole number from 0 to/],
    ["run --precision 200%", /--precision: "200%" is not a percentage from 0.1% to 100%/],
    ["run --precision 5% --metric delivery.p5", /--metric: "delivery.p5" .*mean "delivery.p50"\?/],
    ["run --precision 5% --metric stopped", /--metric: "stopped" is a text, which has no interval/],
    ["run --precision 5% --time-limit 0s", /--time-limit: "0s" is not a duration from 1s/],
    ["run --metric loss", /^error: --metric does nothing without --precision$/m],
    ["run --time-limit 5s", /^error: --time-limit does nothing without --precision$/m],
    ["reproduce", /missing required argument 'results'/],
    ["reproduce nowhere.json", /nowhere.json: can't be read \(ENOENT\)/],
    ["reproduce nowhere.json --trials 5", /unknown option '--trials'/],
    ["run --seed -1", /--seed: "-1" is not/],
    ["run --max-connections many", /--max-connections: "many" is not/],
    ["run --quick --thorough", /--quick and --thorough exclude each other/],
    ["run --out /proc/nothing/here", /--out: can't write to \/proc\/nothing\/here \(E[A-Z]+\)/],
    ["run --out ../../../../../../../dev/null/here", /--out: can't write to .* \(ENOTDIR\)/],
    ["run --config missing.json", /--config: there is no file missing.json/],
    ["run --clientz 5", /unknown option '--clientz'.*--clients/],
    ["run latency", /too many arguments/],
    ["doctor --jsno", /unknown option '--jsno'.*--json/],
    ["rnu", /unknown command 'rnu'.*run/],
    ["report nowhere.json", /nowhere.json: can't be read \(ENOENT\)/],
    ["run --open --no-report", /^error: --open: with --no-report there is no page to open$/m],
    ["schema --of comparson", /--of: unknown document "comparson"; did you mean "comparison"\?/],
    ["history nowhere", /^error: nowhere: is no folder that can be read \(ENOENT\)$/m],
    ["history .", /^error: \.: holds no run; there is no results\.json and no comparison\.json/],
    ["report", /missing required argument 'results'/],
    ["report package.json --format cvs", /--format: unknown format "cvs".*did you mean "csv"\?/],
  ];

  const folders = lines.map(() => new TemporaryFolder());
  const calls = lines.map(([line], index) => ({
    folder: folders[index]?.path ?? "",
    args: line.split(" "),
  }));
  let ended: readonly Ended[] = [];
  beforeAll(async () => {
    ended = await benchEach(calls);
  });
  afterAll(() => {
    for (const folder of folders) folder[Symbol.dispose]();
  });

  it.each(lines.map(([line, message], index) => [line, message, index] as const))(
    "bench %s",
    (_line, message, index) => {
      const { code, stdout, stderr = "" } = ended[index] ?? {};
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect({ code, stdout, left: readdirSync(calls[index]?.folder ?? "") }).toEqual({
        code: 2,
        stdout: "",
        left: [],
      });
    },
  );
});

describe("a config file is checked like the flags, and named in errors", () => {
  it.each([
    [
      "bench.config.json",
      `{"clientz": 5}`,
      /bench.config.json: unknown setting "clientz"; did you mean "clients"\?/,
    ],
    [
      "bench.config.json",
      `{"clients": 0}`,
      /clients in bench.config.json: 0 is not a whole number/,
    ],
    ["bench.config.json", `{"clients": `, /bench.config.json: is not complete JSON/],
    [
      "bench.config.js",
      `export default { transports: ["carrier-pigeon"] };`,
      /transports in bench.config.js: unknown transport/,
    ],
    [
      "bench.config.ts",
      `const rate: number = -3; export default { rate };`,
      /rate in bench.config.ts: -3 is not a number/,
    ],
    ["bench.config.ts", `throw new Error("no");`, /bench.config.ts can't be read: no/],
  ])("%s with %s", async (name, text, message) => {
    using folder = new TemporaryFolder();
    writeFileSync(join(folder.path, name), text);
    const { code, stderr } = await bench(folder.path, "run", "--dry-run");
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });

  it("sets what flags leave open, and flags win", async () => {
    using folder = new TemporaryFolder();
    writeFileSync(
      join(folder.path, "settings.ts"),
      `export default { scenarios: "latency", transports: ["sse", "websocket"], clients: 7, trials: 1 };`,
    );
    const { code, stdout } = await bench(
      folder.path,
      ..."run --dry-run --config settings.ts --clients 9".split(" "),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("latency: 9 clients");
    expect(stdout).toMatch(/^2 trials/);
  });
});

describe("results that can't be used are refused with the reason", () => {
  const refused = async (text: string): Promise<string> => {
    using folder = new TemporaryFolder();
    writeFileSync(join(folder.path, "results.json"), text);
    const { code, stderr } = await bench(folder.path, "report", "results.json");
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    return stderr;
  };

  it("a file that was cut off", async () => {
    expect(await refused(`{"format":"transport-bench results","schem`)).toMatch(/cut off/);
  });

  it("a file that is not ours", async () => {
    expect(await refused(`{"name":"something else"}`)).toMatch(/not a results file of bench/);
  });

  it("a file of a newer schema", async () => {
    const text = `{"format":"transport-bench results","schemaVersion":99}`;
    expect(await refused(text)).toMatch(/schema version 99; this bench reads 5, update it/);
  });

  it("a file with a field missing", async () => {
    const text = `{"format":"transport-bench results","schemaVersion":5}`;
    expect(await refused(text)).toMatch(/results.json: run: /);
  });

  it("a file of an older schema", async () => {
    const text = `{"format":"transport-bench results","schemaVersion":1}`;
    expect(await refused(text)).toMatch(/schema version 1; this bench reads 5, measure again/);
  });
});

describe("what needs no measurement", () => {
  it("bench is a program, as npm links it, after every build", () => {
    // npm makes it one only when it is installed.
    const { status, stdout } = spawnSync(benchFile, ["list"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Transports\n/);
  });

  it("bench --help names the commands and the exit codes", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout } = await bench(folder.path, "--help");
    expect(code).toBe(0);
    for (const word of [
      "run",
      "list",
      "report",
      "reproduce",
      "doctor",
      "schema",
      "130 interrupted",
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it("bench report --help names every format", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout } = await bench(folder.path, "report", "--help");
    expect(code).toBe(0);
    expect(stdout).toContain(formatNames.join(", "));
    for (const { name } of reports) expect(formatNames).toContain(name);
  });

  it("bench list shows every transport with clients and options, and every scenario", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout } = await bench(folder.path, "list");
    expect(code).toBe(0);
    for (const { name, aliases, summary, clients, shorthand, optionKeys } of transports) {
      const [, own = ""] = stdout.split(new RegExp(`^  ${name} +${escaped(summary)}.*\n`, "m"));
      const [lines = ""] = own.split(/^ {2}\S/m);
      for (const alias of aliases) expect(lines).toContain(alias);
      expect(lines).toContain(`clients: ${clients.join(", ")}`);
      for (const key of optionKeys) expect(lines).toContain(optionName(key));
      expect(lines).toContain(`${optionName(shorthand)}@=`);
    }
    for (const { name, summary } of scenarios) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${escaped(summary)}`, "m"));
    }
  });

  it("bench run --dry-run prints the plan and starts nothing", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout } = await bench(
      folder.path,
      ..."run --dry-run --quick --seed 7 --transports sse,websocket --out out".split(" "),
      ..."--scenarios latency,echo,overhead,connections".split(" "),
    );
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect(existsSync(join(folder.path, "out"))).toBe(false);
  });

  it.skipIf(isMissing(procFiles))(
    "bench run --dry-run says how many clients can be had, where more are asked for",
    () => {
      const flags = "run --dry-run --scenarios latency --transports sse --trials 1 --clients 9000";
      const { status, stderr } = spawnSync(
        "bash",
        ["-c", `ulimit -n 500; exec "$0" "$1" ${flags}`, process.execPath, benchFile],
        { encoding: "utf8" },
      );
      expect(stderr).toMatch(/^limited: connections: 9000 wanted, about 4\d\d possible/m);
      expect(status).toBe(0);
    },
  );

  it("bench schema prints a JSON Schema that takes real results and no others", async () => {
    using folder = new TemporaryFolder();
    const { stdout } = await bench(folder.path, "schema");
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(stdout));
    await bench(
      folder.path,
      ..."run --quiet --quick --duration 100ms --warmup 0ms --scenarios latency --transports sse --out out".split(
        " ",
      ),
    );
    const results: unknown = JSON.parse(
      readFileSync(join(folder.path, "out/results.json"), "utf8"),
    );
    expect(validate(results)).toBe(true);
    expect(validate({ ...(results as object), trials: "none" })).toBe(false);
  });
});

/** Of a text within a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
