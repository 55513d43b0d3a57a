import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";
import { BenchProcess, TemporaryFolder, bench, isRunning } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { endingsOf } from "./endings.ts";
import { ForeignServer } from "./foreign-server.ts";
import { expectWhole } from "./whole-trial.ts";

const lines = readFileSync(new URL("fixtures/lines.ts", import.meta.url), "utf8");

/** An adapter that defines a transport and does nothing. */
function idle(...names: string[]): string {
  const all = names.map(
    (name) => `{ name: "${name}", delivery: "push", clients: { default() {} }, serve() {} }`,
  );
  return `export default [${all.join(", ")}];`;
}

/** An adapter that defines a scenario with a mistake in its second line. */
function scripted(name: string, body: string): string {
  return `export default { name: "${name}", summary: "s", measures: "time", async play() {
    ${body}
  }, describe: () => "", workload: { clients: 1, ratePerSecond: 1, payloadBytes: 64 } };`;
}

const words = (line: string): string[] => line.split(" ");

type Files = Readonly<Record<string, string>>;

const manifest = (name: string, main: string): string => JSON.stringify({ name, main });

describe("what is wrong with an adapter is told in one line, before anything is started", () => {
  const wrong: readonly (readonly [string, RegExp, Files?])[] = [
    ["run --transports ./none.ts", /^error: --transports: there is no file \.\/none\.ts$/m],
    ["run --transports none.ts:client@5", /^error: --transports: there is no file none\.ts$/m],
    ["run --transports ./a+b@c:d.ts:client", /: there is no file \.\/a\+b@c:d\.ts$/m],
    ["run --scenarios ./none.ts", /^error: --scenarios: there is no file/],
    ["run --adapters none", /^error: --adapters: there is no file or package "none"$/m],
    ["check --transports ./none.ts", /^error: --transports: there is no file/],
    ["ab --transports ./none.ts --target http://127.0.0.1:9", /^error: --transports: there is no/],
    ["serve --transport ./none.ts", /^error: --transport: there is no file/],
    ["conformance http://127.0.0.1:9 --transport ./none.ts", /^error: --transport: there is no/],
    ["list --adapters ./none.ts", /^error: --adapters: there is no file/],
    ["conformance ./none.ts", /^error: conformance: there is no file \.\/none\.ts$/m],
    ["run --scenarios .", /^error: --scenarios: \. is a folder: name a file in it$/m],
    [
      "run --transports ./folder",
      /^error: --transports: \.\/folder is a folder: name a file in it$/m,
      { "folder/index.ts": idle("indexed") },
    ],
    [
      "run --transports ./mine.ts",
      /^error: --transports: \.\/mine\.ts:1: behind its back$/m,
      { "mine.ts": `void Promise.reject(new Error('behind its back')); ${idle("begun")}` },
    ],
    [
      "run --transports ./mine.ts",
      /: \.\/mine\.ts:1: no cycle$/m,
      {
        "mine.ts": idle("cyclic").replace(
          "serve() {}",
          "idleCycleMs() { throw new Error('no cycle') }",
        ),
      },
    ],
    ["init transport websocket.ts", /^error: init: websocket is built in: give a file of another/],
    ["init scenario my_own.ts", /^error: init: a scenario goes by its file, and "my_own" is not a/],
    ["init config", /^error: init: bench\.config\.json is there/, { "bench.config.json": "{}" }],
    ["init transport no/such/mine.ts", /^error: init: there is no folder no\/such$/m],
    [
      "run --transports ./mine.ts",
      /^error: --transports: \.\/mine\.ts:2: no$/m,
      { "mine.ts": "\nthrow new Error('no');" },
    ],
    [
      "run --transports ./mine.ts",
      /: \.\/helper\.ts:1: Unexpected token$/m,
      { "mine.ts": 'import "./helper.ts";', "helper.ts": "const = 5;" },
    ],
    ["run --transports ./mine.ts", /mine\.ts: its default export is neither/, { "mine.ts": "" }],
    [
      "run --scenarios ./mine.ts",
      /--scenarios: \.\/mine\.ts defines no scenario$/m,
      { "mine.ts": idle("no-scenario") },
    ],
    [
      "run --transports ./mine.ts",
      /: there are two transports called "Server-SentEvents"; the other is built in$/m,
      { "mine.ts": idle("Server-SentEvents") },
    ],
    [
      "run --transports ./mine.ts",
      /: there are two transports called "EventSource"; the other is built in$/m,
      { "mine.ts": idle("EventSource") },
    ],
    [
      "run --transports ./mine.ts",
      /: there are two transports called "T-win"; the other is also here$/m,
      { "mine.ts": idle("twin", "T-win") },
    ],
    [
      "run --transports ./one.ts,./two.ts",
      /\.\/two\.ts: there are two transports called "same"; the other is \.\/one\.ts$/m,
      { "one.ts": idle("same"), "two.ts": idle("same") },
    ],
    [
      "run --transports ./mine.ts,once",
      /--transports: "once" is named twice$/m,
      { "mine.ts": idle("once") },
    ],
    [
      "run --transports ./mine.ts:browser",
      /: picky has no client "browser"; known are default$/m,
      { "mine.ts": idle("picky") },
    ],
    [
      "run --transports ./mine.ts@5",
      /: bare has no option that @ sets$/m,
      { "mine.ts": idle("bare") },
    ],
    [
      "run --transports ./mine.ts+x=5",
      /: optionless has no option "x"; known are tls, resume, batch$/m,
      { "mine.ts": idle("optionless") },
    ],
    [
      "serve --transport ./mine.ts",
      /: \.\/mine\.ts defines first, second: give it as --adapters, and name one$/m,
      { "mine.ts": idle("first", "second") },
    ],
    [
      "run --dry-run --scenarios ./mine.ts",
      /^error: scratch: \.\/mine\.ts:2: no such verb$/m,
      { "mine.ts": scripted("scratch", "throw new Error('no such verb');") },
    ],
    [
      "check --update --transports tcp --scenarios ./mine.ts",
      /^error: itch: \.\/mine\.ts:2: no such verb$/m,
      { "mine.ts": scripted("itch", "throw new Error('no such verb');") },
    ],
    [
      "run --dry-run",
      /^error: adapters in bench\.config\.json: there is no file \.\/none\.ts$/m,
      { "bench.config.json": '{ "adapters": ["./none.ts"] }' },
    ],
    [
      "run --transports ./mine.ts --target http://127.0.0.1:9",
      /: fetching: the bytes of its polls can't be counted with --target, since it has no classify$/m,
      { "mine.ts": idle("fetching").replace("push", "pull") },
    ],
    ["run --transports nonsense", /unknown transport "nonsense"/],
  ];
  const ended = endingsOf(wrong.map(([line, , files = {}]) => ({ line, files })));

  it.each(wrong.map(([line, message], index) => [line, message, index] as const))(
    "bench %s: %s",
    async (_line, message, index) => {
      const { code, stdout, stderr } = await ended(index);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    },
  );
});

describe("an adapter is found", () => {
  const found: readonly (readonly [string, string, Files])[] = [
    ["./mine.ts", "by-path", { "mine.ts": idle("by-path") }],
    ["plain.mjs", "without-dot", { "plain.mjs": idle("without-dot") }],
    [
      "./c.cjs",
      "common",
      { "c.cjs": idle("common").replace("export default", "module.exports =") },
    ],
    ["./a+b@c:d.ts:default", "odd:default", { "a+b@c:d.ts": idle("odd") }],
    ["./many.ts", "many-1", { "many.ts": idle("many-1", "many-2") }],
    ["./many.ts", "many-4", { "many.ts": idle("many-3", "many-4") }],
    [
      "config-name",
      "config-name",
      {
        "bench.config.json": '{ "adapters": ["./mine.ts"] }',
        "mine.ts": idle("config-name"),
      },
    ],
    [
      "nice-package",
      "packaged",
      {
        "node_modules/nice-package/package.json": manifest("nice-package", "main.js"),
        "node_modules/nice-package/main.js": idle("packaged"),
      },
    ],
    [
      "@nice/package:default",
      "scoped:default",
      {
        "node_modules/@nice/package/package.json": manifest("@nice/package", "main.js"),
        "node_modules/@nice/package/main.js": idle("scoped"),
      },
    ],
  ];
  const ended = endingsOf(
    found.map(([given, , files]) => ({
      line: `run --dry-run --quick --scenarios latency --transports ${given}`,
      files,
    })),
  );

  it.each(found.map(([given, name], index) => [given, name, index] as const))(
    "as %s, and its transport goes by its own name: %s",
    async (_given, name, index) => {
      const { code, stdout, stderr } = await ended(index);
      expect(stdout, stderr).toContain(`, ${name}: `);
      expect(code).toBe(0);
    },
  );
});

describe("an adapter that does more than define something", () => {
  const list = async (text: string): Promise<Ended> => {
    using folder = new TemporaryFolder();
    writeFileSync(join(folder.path, "mine.ts"), text + idle("lively"));
    return await bench(folder.path, "list", "--adapters", "./mine.ts");
  };

  it("leaves standard output to the command, and doesn't keep it from ending", async () => {
    const { code, stdout, stderr } = await list(
      "console.log('noise'); process.stdout.write('raw'); setInterval(() => {}, 1_000);",
    );
    expect(stdout).toMatch(/^Transports\n[^]*lively/);
    expect(stderr).toBe("noise\nraw");
    expect(code).toBe(0);
  });

  it("has what it throws later told in one line", async () => {
    const { code, stderr } = await list(
      "setTimeout(() => setInterval(() => { throw new Error('late'); })).ref();",
    );
    expect(stderr).toBe("error: ./mine.ts:1: late\n");
    expect(code).toBe(2);
  });
});

describe("a transport and a scenario of files", () => {
  const folder = new TemporaryFolder();
  const project = join(folder.path, "project");
  let ended: Ended;
  let results: Results;

  beforeAll(async () => {
    mkdirSync(join(project, "adapters"), { recursive: true });
    writeFileSync(join(project, "adapters/lines.ts"), lines);
    copyFileSync(new URL("fixtures/burst.ts", import.meta.url), join(project, "burst.ts"));
    ended = await bench(
      project,
      ...words("run --quick --duration 300ms --transports ./adapters/lines.ts,tcp --seed 1"),
      ...words("--scenarios ./burst.ts,overhead --out out --no-report"),
    );
    results = await readResults(join(project, "out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  it("are measured like the built-in ones, and recorded with their files", () => {
    expect(ended.stderr).toContain("4 trials");
    expect(results.variants.map(({ name, adapter }) => [name, adapter])).toEqual([
      ["lines", "./adapters/lines.ts"],
      ["tcp", undefined],
    ]);
    const recorded = results.run.configuration.scenarios;
    expect(recorded.map(({ name, adapter }) => [name, adapter])).toEqual([
      ["burst", "./burst.ts"],
      ["overhead", undefined],
    ]);
    for (const trial of results.trials) expectWhole(trial);
    const got = results.trials.flatMap(({ scenario, figures }) =>
      scenario === "burst" ? figures.map(({ value }) => value) : [],
    );
    // A hundred a second for 300 ms, to three clients.
    expect(got).toEqual([90, 90]);
  });

  it("go through the contract of transports by a command, over their own server", async () => {
    const { code, stdout, stderr } = await bench(project, "conformance", "./adapters/lines.ts");
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^ok +default: counts bytes as an independent relay does, to the byte$/m,
    );
    // Its format has no way to carry them.
    expect(stdout).toMatch(/^absent +default: carries a payload of several lines$/m);
    expect(stdout).toMatch(/^conforms, so it can be measured: 13 of 13 required cases/m);
    expect(code).toBe(0);
  });

  it("are reported without their files, and reproduced only with them", async () => {
    renameSync(join(project, "adapters"), join(folder.path, "elsewhere"));
    rmSync(join(project, "burst.ts"));
    const report = await bench(project, "report", "out");
    expect(report.stdout).toContain("lines");
    expect(report.code).toBe(0);
    const without = await bench(project, "reproduce", "out");
    expect(without.stderr).toMatch(
      /^error: .*: lines was defined by \.\/adapters\/lines\.ts: give --adapters \.\/adapters\/lines\.ts$/m,
    );
    expect(without.code).toBe(2);
  });
});

describe("an adapter that misbehaves when it runs", () => {
  const reasons: Readonly<Record<string, RegExp>> = {
    "message-throws": /^message-throws: \.\/misbehaving\.ts:\d+: in message$/,
    "connect-throws": /^connect-throws: load 1: \.\/misbehaving\.ts:\d+: Cannot read properties of/,
    "connect-hangs": /^connect-hangs: only 0 of 2 clients could connect: the server took longer/,
    "no-connection":
      /^no-connection: load 1: \.\/misbehaving\.ts: connect resolved with no connection/,
    "closed-twice": /^closed-twice: \.\/misbehaving\.ts:\d+: closed was called a second time$/,
    exits: /^exits: the load 1 process ended with exit code 0$/,
    "publish-throws": /^publish-throws: server: \.\/misbehaving\.ts:\d+: in publish$/,
    "serve-throws": /^serve-throws: server: \.\/misbehaving\.ts:\d+: in serve$/,
    rejects: /^rejects: \.\/misbehaving\.ts:\d+: by nobody$/,
  };
  const folder = new TemporaryFolder();
  let results: Results;
  let left: number[];

  beforeAll(async () => {
    for (const name of ["lines.ts", "misbehaving.ts"]) {
      copyFileSync(new URL(`fixtures/${name}`, import.meta.url), join(folder.path, name));
    }
    await using running = new BenchProcess(folder.path, [
      ...words("run --quick --duration 300ms --warmup 100ms --seed 1 --extra-trials 0 --clients 2"),
      ...words("--transports ./misbehaving.ts --scenarios integrity --out out --no-report"),
    ]);
    const started = await running.childrenOnce();
    expect((await running.ended).code).toBe(1);
    left = started.filter(isRunning);
    results = await readResults(join(folder.path, "out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  it("leaves no process", () => {
    expect(left).toEqual([]);
  });

  it.each(Object.entries(reasons))(
    "%s fails its trial with its name and the reason",
    (name, told) => {
      const trial = results.trials.find(({ variant }) => variant === name);
      expect(trial?.outcome).toMatchObject({
        status: "failed",
        by: "server",
        reason: expect.stringMatching(told),
      });
    },
  );
});

describe("an adapter without a server", () => {
  // As docs/adapters.md shows it.
  const [, wholeAdapter = ""] =
    /```ts\n(import { request } [^]*?)```/.exec(readFileSync("docs/adapters.md", "utf8")) ?? [];
  const wrapped = { "wrapped.ts": wholeAdapter };
  const calls = ["run --transports ./wrapped.ts", "serve --transport ./serverless.ts"];
  const serverless = wrapped["wrapped.ts"].replace('"wrapped"', '"serverless"');
  const files = { ...wrapped, "serverless.ts": serverless };
  const ended = endingsOf(calls.map((line) => ({ line, files })));

  it.each(calls.map((line, index) => [line, index] as const))(
    "can't be measured without one: bench %s",
    async (_line, index) => {
      const { code, stdout, stderr } = await ended(index);
      expect(stderr).toMatch(
        /^error: --transports?: .*(?:wrapped|serverless) has no server of its own.*$/m,
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    },
  );

  it("measures a server as it is, which is published to by its API and has a format of its own", async () => {
    using folder = new TemporaryFolder();
    await using server = await ForeignServer.open();
    writeFileSync(join(folder.path, "wrapped.ts"), wrapped["wrapped.ts"]);
    await bench(
      folder.path,
      ...words("run --quick --duration 300ms --seed 1 --scenarios overhead --out out --no-report"),
      ...words(`--transports ./wrapped.ts --target ${server.url}`),
    );
    const { trials } = await readResults(join(folder.path, "out"));
    const [trial] = trials;
    expect(trial?.outcome.status).not.toBe("failed");
    const values = new Map(trial?.figures.map(({ key, value }) => [key, value]));
    // A chunk's length and ends, {"text":""} and a line feed; and requests and answers of a publication.
    expect(values.get("overhead.at20")).toBe(3 + 4 + 11 + 1);
    expect(values.get("parts.upstream")).toBeGreaterThan(100);
    for (const { deliveries } of trial?.phases ?? []) {
      expect(deliveries).toMatchObject({ duplicated: 0, reordered: 0, corrupted: 0 });
    }
  });
});

describe("an example", () => {
  const folder = new TemporaryFolder();
  afterAll(() => folder[Symbol.dispose]());

  it("of a transport goes by its file's name, works at once, and is never overwritten", async () => {
    const written = await bench(folder.path, "init", "transport", "mine-1.ts");
    expect(written.stdout).toContain("run --quick --transports ./mine-1.ts,tcp");
    const played = await bench(folder.path, "conformance", "./mine-1.ts");
    expect(played.stdout).toMatch(/^mine-1 with its own server$/m);
    expect(played.code).toBe(0);
    writeFileSync(join(folder.path, "mine-1.ts"), "mine");
    const again = await bench(folder.path, "init", "transport", "mine-1.ts");
    expect(again.stderr).toBe("error: init: mine-1.ts is there already\n");
    expect(again.code).toBe(2);
    expect(readFileSync(join(folder.path, "mine-1.ts"), "utf8")).toBe("mine");
  });

  it("of a scenario and of a config file are played", async () => {
    await bench(folder.path, "init", "scenario");
    await bench(folder.path, "init", "config");
    const planned = await bench(
      folder.path,
      ...words("run --dry-run --quick --scenarios ./my-scenario.ts --transports tcp"),
    );
    expect(planned.stdout).toMatch(/^my-scenario: 20 clients, 40 msg\/s$/m);
    expect(planned.code).toBe(0);
  });
});
