import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { firstLine, toolEnvironment } from "./network-tools.ts";
import type { Tools } from "./network-tools.ts";

/** Arguments of `unshare` by privileges; the first that the kernel allows are used. */
export const waysIn = {
  root: ["--net"],
  rootless: ["--user", "--map-root-user", "--net"],
} as const;

/** A process that does nothing but be in a namespace. */
type Holder = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A network namespace without a name: it lives as long as a process is in it. Its holder, `cat` on a pipe
 * from here, keeps it from before the first process that works in it until after the last, and ends when
 * this process does, however that dies. So there is nothing that someone would have to clean up.
 */
export class Namespace implements AsyncDisposable {
  /** The id of a process in it: `/proc/<pid>/net` shows this namespace. */
  readonly pid: number;
  /** A command line that runs in it what is appended. */
  readonly enter: readonly string[];
  readonly #tools: Tools;
  readonly #holder: Holder;
  /** Arguments that bring a program into its user namespace; empty when that is this process's. */
  readonly #enterUser: readonly string[];

  static async make(tools: Tools): Promise<Namespace> {
    const complaints: unknown[] = [];
    for (const as of ["root", "rootless"] as const) {
      try {
        const holder = await hold([tools.unshare, ...waysIn[as]]);
        return new Namespace(tools, holder, as === "rootless" ? holder.pid : undefined);
      } catch (error) {
        complaints.push(error);
      }
    }
    throw complaints.at(-1);
  }

  private constructor(tools: Tools, holder: Holder, userNamespaceOf: number | undefined) {
    this.#tools = tools;
    this.#holder = holder;
    this.pid = holder.pid ?? 0;
    this.#enterUser =
      userNamespaceOf === undefined
        ? []
        : [`--user=/proc/${userNamespaceOf}/ns/user`, "--preserve-credentials"];
    this.enter = [tools.nsenter, ...this.#enterUser, `--net=/proc/${this.pid}/ns/net`, "--"];
  }

  /** Another one, which can be joined to this one: both belong to the same user namespace. */
  async beside(): Promise<Namespace> {
    const { nsenter, unshare } = this.#tools;
    const enterUser = this.#enterUser.length > 0 ? [nsenter, ...this.#enterUser, "--"] : [];
    const holder = await hold([...enterUser, unshare, "--net"]);
    return new Namespace(this.#tools, holder, enterUser.length > 0 ? holder.pid : undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const ended = once(this.#holder, "exit");
    this.#holder.kill("SIGKILL");
    await ended;
  }
}

/** Resolves when the holder has answered: it is then where its command line brings it. */
async function hold([command = "", ...args]: readonly string[]): Promise<Holder> {
  // In a session of its own: Ctrl-C reaches every process of the terminal, and this one must stay.
  const holder = spawn(command, [...args, "cat"], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: toolEnvironment,
  });
  let complaint = "";
  holder.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  holder.stdin.on("error", () => {});
  holder.stdin.write("\n");
  return new Promise((resolve, reject) => {
    holder.stdout.once("data", () => resolve(holder));
    holder.once("error", reject);
    holder.once("close", () => reject(new Error(firstLine(complaint) || `${command} ended`)));
  });
}
