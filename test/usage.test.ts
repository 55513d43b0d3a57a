import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { reports } from "../reports/index.ts";
import { scenarios } from "../scenarios/index.ts";
import { optionName } from "../bench/settings/variant.ts";
import { transports } from "../transports/index.ts";
import { benchFile } from "./bench-process.ts";
import { endingsOf } from "./endings.ts";
import { isMissing, procFiles } from "./requirements.ts";

describe("wrong usage is told in one line, before anything is started", () => {
  const lines: readonly (readonly [string, RegExp])[] = [
    ["run --transports websockt", /^error: --transports: .*"websockt".*did you mean "websocket"\?/],
    ["run --transports sse:evntsource", /no client "evntsource".*did you mean "eventsource"\?/],
    ["run --transports sse+hartbeat=1s", /no option "hartbeat".*did you mean "heartbeat"\?/],
    ["run --transports short-polling@soon", /interval: "soon" is not a duration from/],
    ["run --transports sse,sse", /--transports: "sse" is named twice/],
    ["run --transports ws,websocket", /--transports: "websocket" is named twice/],
    [
      "run --transports wss",
      /--transports: .*WebSocket over TLS is an option: websocket\+tls; known are/,
    ],
    [
      "run --target https://localhost:3000 --transports sse",
      /^error: --transports: sse: https:\/\/localhost:3000 is over TLS; name it sse\+tls$/m,
    ],
    [
      "conformance wss://localhost:1 --transport ws",
      /^error: --transport: websocket: https:\/\/localhost:1 is over TLS; name it websocket\+tls$/m,
    ],
    ["conformance https://localhost:1 --transport sse+h2", /sse\+h2: the cases .* in HTTP\/1\.1/],
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
    ["run --metric loss", /^error: --metric has no effect without --precision$/m],
    ["run --time-limit 5s", /^error: --time-limit has no effect without --precision$/m],
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
    [
      "run --transports sse,ws@5s --base websocket",
      /^error: --base: "websocket" is not in --transports; did you mean "websocket@5s"\? known are sse, websocket@5s$/m,
    ],
    [
      "report package.json --format csv --base sse",
      /^error: --base has no effect on csv; it applies to terminal, md and html$/m,
    ],
    ["run --open --no-report", /^error: --open: with --no-report there is no page to open$/m],
    ["schema --of comparson", /--of: unknown document "comparson"; did you mean "comparison"\?/],
    ["history nowhere", /^error: nowhere: is not a readable folder \(ENOENT\)$/m],
    ["history .", /^error: \.: holds no run; there is no results\.json and no comparison\.json/],
    ["run --config=", /^error: --config: "" names nothing$/m],
    ["check --baseline=", /^error: --baseline: "" names nothing$/m],
    ["history . --out=", /^error: --out: "" names nothing$/m],
    ["serve --transport sse --certificate a.pem", /--certificate has no effect without \+tls or/],
    ["serve --transport sse --port=", /^error: --port: "" is not a whole number from 0 to 65535$/m],
    [
      "ab --transports sse --baseline http://127.0.0.1:9 --candidate http://127.0.0.1:9",
      /^error: --baseline, with sse: nothing answers at/m,
    ],
    ["check --update --transports sse --target http://127.0.0.1:9", /nothing answers at/],
    ["report", /missing required argument 'results'/],
    ["report package.json --format cvs", /--format: unknown format "cvs".*did you mean "csv"\?/],
  ];

  const ended = endingsOf(lines.map(([line]) => ({ line })));

  it.each(lines.map(([line, message], index) => [line, message, index] as const))(
    "bench %s",
    async (_line, message, index) => {
      const { code, stdout, stderr, left } = await ended(index);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
      expect({ code, stdout, left }).toEqual({ code: 2, stdout: "", left: [] });
    },
  );
});

describe("a config file is checked like the flags, and named in errors", () => {
  const wrong = [
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
      "bench.config.json",
      `{"transports": ["carrier-pigeon"]}`,
      /transports in bench.config.json: unknown transport/,
    ],
    [
      "bench.config.ts",
      `const rate: number = -3; export default { rate };`,
      /rate in bench.config.ts: -3 is not a number/,
    ],
    ["bench.config.ts", `throw new Error("no");`, /bench.config.ts can't be read: no/],
  ] as const;
  const ended = endingsOf(
    wrong.map(([name, text]) => ({ line: "run --dry-run", files: { [name]: text } })),
  );

  it.each(wrong.map(([name, text, message], index) => [name, text, message, index] as const))(
    "%s with %s",
    async (_name, _text, message, index) => {
      const { code, stderr } = await ended(index);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
      expect(code).toBe(2);
    },
  );
});

describe("results that can't be used are refused with the reason", () => {
  const refused = [
    ["a file that was cut off", `{"format":"transport-bench results","schem`, /cut off/],
    ["a file that is not ours", `{"name":"something else"}`, /not a results file of bench/],
    [
      "a file of a newer schema",
      `{"format":"transport-bench results","schemaVersion":99}`,
      /schema version 99; this bench reads 5, update it/,
    ],
    [
      "a file with a field missing",
      `{"format":"transport-bench results","schemaVersion":5}`,
      /results.json: run: /,
    ],
    [
      "a file of an older schema",
      `{"format":"transport-bench results","schemaVersion":1}`,
      /schema version 1; this bench reads 5, measure again/,
    ],
  ] as const;
  const ended = endingsOf(
    refused.map(([, text]) => ({ line: "report results.json", files: { "results.json": text } })),
  );

  it.each(refused.map(([what, , message], index) => [what, message, index] as const))(
    "%s",
    async (_what, message, index) => {
      const { code, stderr } = await ended(index);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
      expect(code).toBe(2);
    },
  );
});

describe("what needs no measurement", () => {
  const ended = endingsOf([
    {
      line: "run --dry-run --config settings.ts --clients 9",
      files: {
        "settings.ts": `export default { scenarios: "latency", transports: ["sse", "websocket"], clients: 7, trials: 1 };`,
      },
    },
    { line: "--help" },
    { line: "report --help" },
    { line: "list" },
    {
      line:
        "run --dry-run --quick --seed 7 --transports sse,websocket --out out " +
        "--scenarios latency,echo,overhead,connections",
    },
  ]);

  it("a config file sets what flags leave open, and flags win", async () => {
    const { code, stdout } = await ended(0);
    expect(code).toBe(0);
    expect(stdout).toContain("latency: 9 clients");
    expect(stdout).toMatch(/^2 trials/);
  });

  it("bench is a program, as npm links it, after every build", () => {
    // npm makes it one only when it is installed.
    const { status, stdout } = spawnSync(benchFile, ["list"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Transports\n/);
  });

  it("bench --help names the commands and the exit codes", async () => {
    const { code, stdout } = await ended(1);
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

  it.each([1, 2])("help fits a terminal of 80 columns: %i", async (index) => {
    const { stdout } = await ended(index);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("bench report --help names every format", async () => {
    const { code, stdout } = await ended(2);
    expect(code).toBe(0);
    expect(stdout).toContain(reports.map(({ name }) => name).join(", "));
  });

  it("bench list shows every transport with clients and options, and every scenario", async () => {
    const { code, stdout } = await ended(3);
    expect(code).toBe(0);
    for (const { name, aliases, summary, clients, shorthand, optionKeys } of transports) {
      const [, own = ""] = stdout.split(new RegExp(`^  ${name} +${escaped(summary)}.*\n`, "m"));
      const [lines = ""] = own.split(/^ {2}\S/m);
      for (const alias of aliases) expect(lines).toContain(alias);
      expect(lines).toContain(`clients: ${clients.join(", ")}`);
      for (const key of optionKeys) expect(lines).toContain(optionName(key));
      expect(lines).toContain(`${optionName(shorthand ?? "")}@=`);
    }
    for (const { name, summary } of scenarios) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${escaped(summary)}`, "m"));
    }
  });

  it("bench run --dry-run prints the plan and starts nothing", async () => {
    const { code, stdout, left } = await ended(4);
    expect(code).toBe(0);
    // How long it takes is estimated by how fast this machine is at the moment.
    expect(stdout.replaceAll(/\b\d+ s\b/g, "… s")).toMatchSnapshot();
    expect(left).toEqual([]);
  });

  it.skipIf(isMissing(procFiles))(
    "bench run --dry-run says how many clients can be had, where more are asked for",
    () => {
      const flags = "run --dry-run --scenarios latency --transports sse --trials 1 --clients 9000";
      const { status, stderr } = spawnSync(
        "sh",
        ["-c", `ulimit -n 500; exec "$0" "$1" ${flags}`, process.execPath, benchFile],
        { encoding: "utf8" },
      );
      expect(stderr).toMatch(/^limited: connections: 9000 needed, about 4\d\d possible/m);
      expect(status).toBe(0);
    },
  );
});

/** Of a text within a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
