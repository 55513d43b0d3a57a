import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";
import { TemporaryFolder, bench, benchEach } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { endingsOf } from "./endings.ts";
import { ForeignServer } from "./foreign-server.ts";
import { misbehavingAdapters } from "./misbehaving-adapters.ts";
import { expectWhole } from "./whole-trial.ts";

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

function expectRefused({ code, stdout, stderr }: Ended, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
}

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
      "run --transports ./one.ts,./two.ts",
      /\.\/two\.ts: there are two transports called "same"; the other is \.\/one\.ts$/m,
      { "one.ts": idle("same"), "two.ts": idle("same") },
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
      expectRefused(await ended(index), message);
    },
  );
});

describe("what is asked of an adapter that doesn't have it is told in one line", () => {
  const folder = new TemporaryFolder();
  const lines: readonly (readonly [string, RegExp])[] = [
    ["run --scenarios ./mine.ts", /--scenarios: \.\/mine\.ts defines no scenario$/m],
    ["run --proxies ./mine.ts", /--proxies: \.\/mine\.ts defines no proxy$/m],
    ["run --transports ./mine.ts,picky", /--transports: "picky" is named twice$/m],
    ["run --transports ./mine.ts:browser", /: picky has no client "browser"; known are default$/m],
    ["run --transports ./mine.ts@5", /: picky has no option that @ sets$/m],
    ["run --transports ./mine.ts+x=5", /: picky has no option "x"; known are tls, resume, batch$/m],
  ];
  // One file for all, which notes each time that it is imported.
  const note = 'import { appendFileSync } from "node:fs"; appendFileSync("imports", "1");';
  const files = { "mine.ts": note + idle("picky") };
  const ended = endingsOf(lines.map(([line]) => ({ line, folder: folder.path, files })));
  afterAll(() => folder[Symbol.dispose]());

  it.each(lines.map(([line, message], index) => [line, message, index] as const))(
    "bench %s: %s",
    async (_line, message, index) => {
      expectRefused(await ended(index), message);
    },
  );

  it("and it is imported no more than once in a process of its own, and once in the command's", async () => {
    await ended(0);
    expect(readFileSync(join(folder.path, "imports"), "utf8")).toBe("11");
  });
});

describe("an adapter is found", () => {
  const module = (name: string): Files => ({
    [`node_modules/${name}/package.json`]: manifest(name, "main.js"),
    [`node_modules/${name}/main.js`]: idle(plain(name)),
  });
  const plain = (name: string): string => name.replaceAll(/[^a-z]/g, "");
  const found: readonly (readonly [string, readonly string[], Files])[] = [
    ["plain.mjs", ["without-dot"], { "plain.mjs": idle("without-dot") }],
    [
      "./c.cjs",
      ["common"],
      { "c.cjs": idle("common").replace("export default", "module.exports =") },
    ],
    ["./a+b@c:d.ts:default", ["odd:default"], { "a+b@c:d.ts": idle("odd") }],
    ["./many.ts", ["many-1", "many-2"], { "many.ts": idle("many-1", "many-2") }],
    ["config-name", ["config-name"], { "named.ts": idle("config-name") }],
    ["nice-package", ["nicepackage"], module("nice-package")],
    ["@nice/packages:default", ["nicepackages:default"], module("@nice/packages")],
  ];
  const ended = endingsOf([
    {
      line: `run --dry-run --quick --scenarios latency --transports ${found.map(([given]) => given).join()}`,
      files: Object.assign(
        { "bench.config.json": '{ "adapters": ["./named.ts"] }' },
        ...found.map(([, , files]) => files),
      ),
    },
  ]);

  it.each(found)("as %s, and its transports go by their own names: %j", async (_given, names) => {
    const { code, stdout, stderr } = await ended(0);
    for (const name of names) expect(stdout, stderr).toMatch(new RegExp(`[ ,]${name}[:,]`));
    expect(code).toBe(0);
  });
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
  let begun: Ended[];
  let ended: Ended;
  let results: Results;

  beforeAll(async () => {
    mkdirSync(join(project, "adapters"), { recursive: true });
    cpSync("test/fixtures/burst.ts", join(project, "burst.ts"));
    begun = await benchEach(
      ["transport", "scenario"].map((what) => ({
        folder: project,
        args: ["init", what, "adapters/lines.ts"],
      })),
    );
    ended = await bench(
      project,
      ...words("run --quick --duration 300ms --transports ./adapters/lines.ts,tcp --seed 1"),
      ...words("--scenarios ./burst.ts,overhead --out out --no-report"),
    );
    results = await readResults(join(project, "out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  it("are begun with an example, which goes by its file's name and is never overwritten", () => {
    const [written, again] = begun;
    expect(written?.stdout).toContain("run --quick --transports ./adapters/lines.ts,tcp");
    expect(again).toMatchObject({
      code: 2,
      stderr: "error: init: adapters/lines.ts is there already\n",
    });
  });

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
    expect(stdout).toMatch(/^lines with its own server$/m);
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

// misbehaving-adapters.proof.ts has all that one can do.
misbehavingAdapters(["closed-twice", "exits", "message-throws", "serve-throws"]);

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

it("an example of a scenario and one of a config file are played", async () => {
  using folder = new TemporaryFolder();
  const lines = [
    "init scenario",
    "init config",
    "run --dry-run --quick --scenarios ./my-scenario.ts --transports tcp",
  ];
  const calls = lines.map((line) => ({ folder: folder.path, args: words(line) }));
  const planned = (await benchEach(calls)).at(-1);
  expect(planned?.stdout).toMatch(/^my-scenario: 20 clients, 40 msg\/s$/m);
  expect(planned?.code).toBe(0);
});
