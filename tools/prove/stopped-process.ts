import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { packageCommand } from "../../bench/files/package-files.ts";

/** Has another process stop one for a while: it may be this one itself. Resolves when it runs again. */
export async function stopFor(pid: number, ms: number): Promise<void> {
  const script = `kill -STOP ${pid}; sleep ${ms / 1_000}; kill -CONT ${pid}`;
  await once(spawn("sh", ["-c", script], { stdio: "ignore" }), "close");
}

const cli = packageCommand();

/** A built-in transport's server that runs by itself, like a user's own. */
export class ServedTarget implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  static start(variant: string): Promise<ServedTarget> {
    return ServedTarget.#serve("--transport", variant);
  }

  /** What `bench doctor --through` asks. */
  static answering(): Promise<ServedTarget> {
    return ServedTarget.#serve("--through");
  }

  static async #serve(...what: readonly string[]): Promise<ServedTarget> {
    const words = [...process.execArgv, cli, "serve", ...what];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    const [url] = await once(createInterface({ input: child.stdout }), "line");
    return new ServedTarget(String(url), child);
  }

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
