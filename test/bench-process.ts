import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";

/** The built command, as users have it. */
export const benchFile: string = fileURLToPath(new URL("../dist/bench/cli.cjs", import.meta.url));

/** A folder that goes away with the test. */
export class TemporaryFolder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), "transport-bench-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Looking takes time from what is looked at. */
const lookAgainMs = 100;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `bench`, in a folder of its own. */
export class BenchProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #stdout = "";
  #stderr = "";
  #hasEnded = false;
  readonly ended: Promise<Ended>;

  /** Starts `bench` with `args`; `wrapper` is a command line that runs what is appended to it. */
  constructor(folder: string, args: readonly string[], wrapper: readonly string[] = []) {
    this.#folder = folder;
    const [command = "", ...rest] = [...wrapper, process.execPath, benchFile, ...args];
    const child = spawn(command, rest, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.#hasEnded = true;
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The first that it prints. */
  async firstLine(): Promise<string> {
    await this.until(() => this.#stdout.includes("\n"));
    return this.#stdout.slice(0, this.#stdout.indexOf("\n"));
  }

  /** Waits until this is among what it prints and tells. */
  async said(text: string): Promise<void> {
    await this.until(() => `${this.#stdout}${this.#stderr}`.includes(text));
  }

  /** What `--out out` has so far. */
  results(): Promise<Results> {
    return readResults(join(this.#folder, "out"));
  }

  /** The names of all that is in it. */
  files(): string[] {
    return readdirSync(join(this.#folder, "out"));
  }

  /** Closes the pipes that it writes to, as a reader does that has seen enough. */
  stopReading(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The process ids of its servers or loads, as soon as there are any. */
  async measuring(entry: "server" | "publisher" | "load"): Promise<number[]> {
    await this.until(() => this.running(`processes/${entry}.js`).length > 0);
    return this.running(`processes/${entry}.js`);
  }

  /** Those that it has started and that have this in their command line. */
  running(text: string): number[] {
    return this.children().filter((pid) => commandLine(pid).includes(text));
  }

  /** All processes that it has started. */
  children(): number[] {
    return childrenOf(this.pid);
  }

  /** The same, as soon as there are any. */
  async childrenOnce(): Promise<number[]> {
    await this.until(() => this.children().length > 0);
    return this.children();
  }

  /** Waits until something holds of it while it runs; throws what it has left when it ends before that. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) {
      if (this.#hasEnded) throw new Error(`it has ended: ${JSON.stringify(await this.ended)}`);
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}

export async function bench(folder: string, ...args: string[]): Promise<Ended> {
  await using process = new BenchProcess(folder, args);
  return await process.ended;
}

/** Several commands that start nothing, one after another in one process. */
export async function benchEach(
  calls: readonly { readonly folder: string; readonly args: readonly string[] }[],
): Promise<Ended[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [manyCommands, benchFile, JSON.stringify(calls)],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout);
}

const manyCommands = fileURLToPath(new URL("fixtures/many-commands.js", import.meta.url));

/** Waits until something holds that nobody tells of; the test's own time limit ends the waiting. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
}

export function isRunning(pid: number): boolean {
  // A process that has ended but whose end nobody has asked for still has a folder.
  return /^State:\s+[^ZX]/m.test(readOrEmpty(`/proc/${pid}/status`));
}

/**
 * The local addresses on which a process listens, as the kernel writes them: `0100007F:1F90`. None when it
 * has ended.
 */
export function listeningAddresses(pid: number): string[] {
  const sockets = new Set(
    descriptorsOf(pid)
      .map((fd) => inodeOf(pid, fd))
      .filter(Boolean),
  );
  return ["tcp", "tcp6"].flatMap((table) =>
    readOrEmpty(`/proc/${pid}/net/${table}`)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && sockets.has(fields[9] ?? ""))
      .map((fields) => fields[1] ?? ""),
  );
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fdinfo`);
  } catch {
    return [];
  }
}

function inodeOf(pid: number, fd: string): string {
  return /^ino:\s+(\d+)/m.exec(readOrEmpty(`/proc/${pid}/fdinfo/${fd}`))?.[1] ?? "";
}

function childrenOf(pid: number): number[] {
  return readOrEmpty(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

function commandLine(pid: number): string {
  return readOrEmpty(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
