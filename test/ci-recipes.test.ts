import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { comparisonReports } from "../reports/verdict/index.ts";
import { TemporaryFolder } from "./bench-process.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

const text = z.string().min(1);
const step = z.strictObject({
  name: text.optional(),
  id: text.optional(),
  if: text.optional(),
  uses: text.optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  env: z.record(z.string(), z.string()).optional(),
  run: text.optional(),
  shell: z.literal("bash").optional(),
  "working-directory": text.optional(),
});

/** What GitHub's reference of metadata syntax allows for a composite action. */
const actionSchema = z.strictObject({
  name: text,
  description: text.max(125),
  author: text,
  branding: z.strictObject({ icon: text, color: text }),
  inputs: z.record(
    z.string().regex(/^[a-z-]+$/),
    z.strictObject({ description: text, default: z.string() }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: text, value: text })),
  runs: z.strictObject({ using: z.literal("composite"), steps: z.array(step) }),
});

const action = actionSchema.parse(parse(readFileSync(join(root, "action.yml"), "utf8")));
const page = readFileSync(join(root, "docs/ci.md"), "utf8");
const recipes = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, recipe = ""]) => recipe);

const workflowSchema = z.strictObject({
  name: text,
  on: z.unknown(),
  permissions: z.record(z.string(), z.enum(["read", "write"])),
  jobs: z.record(
    z.string(),
    z.strictObject({ "runs-on": text, "timeout-minutes": z.int(), steps: z.array(step) }),
  ),
});

const gitlabSchema = z.strictObject({
  bench: z.looseObject({
    image: text,
    script: z.array(text),
    after_script: z.array(text),
    artifacts: z.looseObject({ reports: z.strictObject({ junit: text }) }),
  }),
});

/** What bash says of a script that it isn't to run. */
function complaintsOf(script: string): string {
  return spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).stderr;
}

describe("the action", () => {
  const { inputs, runs } = action;
  const scripts = runs.steps.filter(({ run }) => run !== undefined);

  it("has a shell for each script, and scripts that bash can read", () => {
    expect(scripts.length).toBeGreaterThan(2);
    for (const { run = "", shell } of scripts) {
      expect(shell).toBe("bash");
      expect(complaintsOf(run)).toBe("");
    }
  });

  it("lets no input into the text of a script, which it could end", () => {
    for (const { run = "" } of scripts) expect(run).not.toContain("${{");
  });

  it("uses every input, and none that it hasn't", () => {
    const used = [...JSON.stringify(runs).matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(inputs)));
  });

  it("uses other actions by their commits only, and the recipes do so, too", () => {
    const texts = [readFileSync(join(root, "action.yml"), "utf8"), ...recipes];
    const used = texts.flatMap((text) => [...text.matchAll(/uses: (.*)/g)].map(([, name]) => name));
    const others = used.filter((name) => name?.startsWith("OWNER/transport-bench@") !== true);
    expect(others.length).toBeGreaterThan(8);
    for (const name of others)
      expect(name).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("goes on where it may not comment", () => {
    using folder = new TemporaryFolder();
    const script = action.runs.steps.find(({ name }) => name === "Comment")?.run ?? "";
    const env = { PATH: process.env["PATH"], GITHUB_ACTION_PATH: root, BENCH_RESULTS: folder.path };
    const { status, stdout } = spawnSync("bash", ["-e", "-c", script], { env, encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^::warning title=transport-bench::no comment \(ENOENT: .*\)\n$/);
  });

  it("says what came of the command, and ends as it does", () => {
    using folder = new TemporaryFolder();
    const settings = { transports: ["websocket"], check: { budgets: ["loss == 0"] } };
    writeFileSync(join(folder.path, "bench.config.json"), JSON.stringify(settings));
    const quick = "--scenarios=overhead\n--trials=1\n--duration=300ms\n--quiet";

    const updated = runStep(folder.path, { BENCH_ARGS: `${quick}\n--update` });
    expect(updated, updated.stderr).toMatchObject({ code: 0 });
    expect(updated.outputs).toMatchObject({ outcome: "", "exit-code": "0" });

    const kept = runStep(folder.path, { BENCH_ARGS: `${quick}\n\n--write=junit=a b.xml` });
    expect(kept, kept.stderr).toMatchObject({ code: 0 });
    expect(kept.outputs).toMatchObject({ outcome: "pass", "exit-code": "0" });
    expect(readFileSync(join(folder.path, "a b.xml"), "utf8")).toContain("<testsuites");
    expect(kept.outputs["results"]).toMatch(/out folder$/);
    expect(kept.summary).toMatch(/^### ✅ bench check/);

    const wrong = runStep(folder.path, { BENCH_COMMAND: "chekc" });
    expect(wrong).toMatchObject({ code: 2, outputs: { outcome: "", "exit-code": "2" } });
  });
});

interface Step {
  readonly code: number | null;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the step that runs bench, as GitHub's runner does. */
function runStep(folder: string, given: Readonly<Record<string, string>>): Step {
  const script = action.runs.steps.find(({ id }) => id === "bench")?.run ?? "";
  const runner = join(folder, "runner");
  mkdirSync(runner, { recursive: true });
  const file = (name: string): string => join(runner, name);
  for (const name of ["output", "summary"]) writeFileSync(file(name), "");
  writeFileSync(file("script.sh"), script);
  const { status, stderr } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", file("script.sh")],
    {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
        BENCH_COMMAND: "check",
        BENCH_ARGS: "",
        BENCH_CONFIG: "",
        BENCH_BASELINE: "",
        BENCH_INCONCLUSIVE: "",
        BENCH_RESULTS: "out folder",
        ...given,
      },
    },
  );
  const lines = readFileSync(file("output"), "utf8").trimEnd().split("\n");
  return {
    code: status,
    stderr,
    outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    summary: readFileSync(file("summary"), "utf8"),
  };
}

describe("the recipes", () => {
  const github = recipes.filter((recipe) => recipe.includes("runs-on:"));
  const gitlab = recipes.filter((recipe) => !recipe.includes("runs-on:"));
  const steps = github.flatMap((recipe) =>
    Object.values(workflowSchema.parse(parse(recipe)).jobs).flatMap((job) => job.steps),
  );

  it("are workflows of GitHub and jobs of GitLab, with scripts that bash can read", () => {
    expect(github.length).toBeGreaterThan(4);
    expect(gitlab).toHaveLength(1);
    const jobs = gitlab.map((recipe) => gitlabSchema.parse(parse(recipe)).bench);
    const scripts = [
      ...steps.flatMap(({ run }) => run ?? []),
      ...jobs.flatMap(({ script, after_script }) => script.concat(after_script)),
    ];
    expect(scripts.length).toBeGreaterThan(6);
    for (const script of scripts) expect(complaintsOf(script)).toBe("");
  });

  it("give the action no input that it hasn't", () => {
    const uses = steps.filter((one) => one.uses?.startsWith("OWNER/transport-bench@"));
    expect(uses.length).toBeGreaterThan(4);
    for (const { with: given = {} } of uses) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
    }
  });

  it("ask for reports that there are, and name all of them", () => {
    const written = [...page.matchAll(/--write=([a-z-]+)=/g)].map(([, format]) => format);
    const formats = comparisonReports.map(({ name }) => name);
    expect(formats).toEqual(expect.arrayContaining(written));
    for (const format of formats) expect(page).toContain(`| \`${format}=`);
  });

  it("let no expression into the text of a script", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });
});
