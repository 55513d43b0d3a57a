import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";

/** A server of examples/, started as its first comment says. */
export class ExampleServer implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly port: Promise<number>;

  /** `name` is that of its file. */
  constructor(name: string) {
    const file = fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
    const child = spawn(name.endsWith(".py") ? "python3" : process.execPath, [file], {
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.process = child;
    this.port = this.#listening(createInterface(child.stdout));
  }

  async #listening(lines: AsyncIterable<string>): Promise<number> {
    for await (const line of lines) {
      const port = /^listening on (\d+)$/.exec(line)?.[1];
      if (port !== undefined) return Number(port);
    }
    throw new Error("it has ended without listening");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }
}
