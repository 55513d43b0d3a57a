import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { maxLineLength } from "../bench/errors/error-lines.ts";
import { TemporaryFolder, benchFile } from "./bench-process.ts";
import { ControlGroup, canLimit } from "./control-group.ts";
import { isMissing, procFiles } from "./requirements.ts";

interface Told {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with limits that `bash` sets, such as `ulimit -n 25`. */
function limited(limits: string, command: string, file: string, as: readonly string[] = []): Told {
  using folder = new TemporaryFolder();
  const [program = "", ...rest] = [
    ...as,
    "bash",
    "-c",
    `ulimit -c 0; ${limits}; exec "$0" "$@"`,
    process.execPath,
    file,
    ...command.split(" "),
  ];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    cwd: as.length === 0 ? folder.path : "/",
    encoding: "utf8",
    timeout: 100_000,
  });
  return { code: status, stdout, stderr };
}

function expectOneLine({ code, stdout, stderr }: Told, line: RegExp): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr.trimEnd().length).toBeLessThanOrEqual(maxLineLength);
}

const measuring = [
  "run --quick",
  "check",
  "ab --baseline http://127.0.0.1:1 --candidate http://127.0.0.1:2 --transports sse",
  "reproduce results.json",
];
const others = [
  "serve --transport sse",
  "doctor",
  "report results.json",
  "compare a.json b.json",
  "history .",
  "conformance http://127.0.0.1:1 --transport sse",
  "list",
  "schema",
];

/** Root isn't limited in its processes; somebody's who is nobody else are counted apart from all others. */
const nobodyElse = `${20_000 + (process.pid % 40_000)}`;
const stranger = ["setpriv", "--reuid", nobodyElse, "--regid", nobodyElse, "--clear-groups"];
/** Where Node lies in somebody's own folder, nobody else can start it. */
const canBeStranger = limited("true", "list", benchFile, stranger).code === 0;

/** Whether Node itself can run a file that does nothing. */
function runsWith(files: number): boolean {
  using folder = new TemporaryFolder();
  const empty = join(folder.path, "empty.cjs");
  writeFileSync(empty, "");
  return limited(`ulimit -n ${files}`, "", empty).code === 0;
}

describe.skipIf(isMissing(procFiles))("too few", () => {
  it.each([...measuring, ...others])("descriptors are told by %s", (command) => {
    expectOneLine(limited("ulimit -n 79", command, benchFile), /too few file desc.* 79 .*-n/);
  });

  it.each(measuring)("descriptors to measure with are told by %s", (command) => {
    expectOneLine(limited("ulimit -n 159", command, benchFile), /too few file desc.* 159 .*-n/);
  });

  it("descriptors are no matter to a command that has all that it needs", () => {
    for (const command of ["list", "history .", "compare . .", "report . --format html"]) {
      expect(limited("ulimit -n 80", command, benchFile).stderr).not.toMatch(/descriptor/);
    }
  });

  // Node 20 starts with 19, Node 24 with 22.
  const few = [...[19, 20, 21].filter(runsWith), 22, 25, 31];

  it.each(few)("descriptors to load the program with are told: %i", (files) => {
    for (const command of ["--help", "list", "run --quick"]) {
      expectOneLine(limited(`ulimit -n ${files}`, command, benchFile), /file descriptor.*-n/);
    }
  });

  it("descriptors for a command are enough for help", () => {
    for (const command of ["--help", "run --help", "--version"]) {
      const { code, stderr } = limited("ulimit -n 40", command, benchFile);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    }
  });

  it.skipIf(!canBeStranger)("processes are told by every command", () => {
    for (const command of ["--help", "list", "run --quick", "doctor"]) {
      // By the name that npx has linked to in a clone, too.
      const file = command === "list" ? benchFile.replace(/cjs$/, "js") : benchFile;
      const told = limited("ulimit -u 10", command, file, stranger);
      expectOneLine(told, /too few processes: .* of 10 are left; raise ulimit -u/);
    }
    for (const command of measuring) {
      const told = limited("ulimit -u 40", command, benchFile, stranger);
      expectOneLine(told, /too few processes: .* of 40 are left; raise ulimit -u/);
    }
  });

  it.skipIf(!canLimit("pids"))(
    "threads of a group are told, and those of one trial do",
    async () => {
      await using group = new ControlGroup("pids", 58);
      const told = limited(group.enter, "run --quick", benchFile);
      expectOneLine(
        told,
        /too few processes: .* of 58 are left; raise pids.max of the control group/,
      );
      // Beside a trial with a canary, there is no room for the processes of the next.
      writeFileSync(join(group.path, "pids.max"), "64");
      const flags = "--transports tcp --scenarios latency --trials 2 --extra-trials 0 --no-report";
      const run = `run ${flags} --duration 100ms --warmup 100ms --out out`;
      const { stderr } = limited(group.enter, run, benchFile);
      expect(stderr).toMatch(/^\[2\/2\] latency tcp trial 2: (?!failed)/m);
    },
  );

  it("bytes of address space are told by all that measure", () => {
    for (const command of measuring) {
      const told = limited(`ulimit -v ${4 * 2 ** 20}`, command, benchFile);
      expectOneLine(
        told,
        /too little address space: 36 GiB are needed, 4 GiB allowed; .*ulimit -v/,
      );
    }
    const least = limited(`ulimit -v ${1.5 * 2 ** 20}`, "list", benchFile);
    expectOneLine(least, /too little address space: 2 GiB are needed, 1.5 GiB allowed/);
  });

  it("of them are a note of a dry run, and a finding of doctor, which then tries no rate", () => {
    const limits = `ulimit -v ${4 * 2 ** 20}`;
    const dry = limited(limits, "run --dry-run --quick --transports sse", benchFile);
    expect(dry.code).toBe(0);
    expect(dry.stderr).toMatch(/^bad: process limits: too little address space: 36 GiB .*4 GiB/m);
    const doctor = limited(limits, "doctor", benchFile);
    expect(doctor).toMatchObject({ code: 0, stderr: "" });
    expect(doctor.stdout).toMatch(/^(good|limited|bad) +cores +\d+ for 4 processes/m);
    expect(doctor.stdout).toMatch(/^CONNECTIONS .*\nabout \d/m);
    for (const line of doctor.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(doctor.stdout).toMatch(/^bad +process limits +too little address space/m);
    expect(doctor.stdout).toMatch(/^MESSAGE RATE .*\nunknown: too little address space/m);
  });
});
