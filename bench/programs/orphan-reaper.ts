import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { markVariable } from "./marked-processes.ts";

/*
 * A process that is killed can't end what it has started. So a shell waits for its input to end, which happens when
 * the process that holds its other end does, for whatever reason. It then kills the process group and all processes
 * with the mark, and removes what they leave on disk. Redis is known by its group only: it writes over its
 * environment.
 */

const script = `
read -r group
read -r end
[ "$end" = end ] && exit
[ -n "$group" ] && kill -9 "-$group" 2>/dev/null
for process in /proc/[0-9]*; do
  grep -q "${markVariable}=$1" "$process/environ" 2>/dev/null && kill -9 "\${process#/proc/}"
done
shift
[ $# -gt 0 ] && rm -rf -- "$@"
`;

/** Ends a command's processes if this process can't do it any more; has to be started before they are. */
export class OrphanReaper implements Disposable {
  readonly #shell: ChildProcess;

  /** `temporary` are folders and files that go with them. */
  constructor(mark: string, temporary: readonly string[] = []) {
    this.#shell = spawn("/bin/sh", ["-c", script, "sh", mark, ...temporary], {
      // In a session of its own: what ends this process's group must not end it.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    // Without a shell there is nobody to watch.
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  /** Tells the group, which is known once the command is started. */
  watch(group: number): void {
    this.#shell.stdin?.write(`${group}\n`);
  }

  /** There is nothing left to be ended. */
  [Symbol.dispose](): void {
    this.#shell.stdin?.end("end\n");
  }
}
