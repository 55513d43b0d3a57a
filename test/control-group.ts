import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "../bench/machine/cgroup.ts";
import { eventually } from "./bench-process.ts";

/** What limits a controller in either version. */
const limits = {
  memory: { 1: "memory.limit_in_bytes", 2: "memory.max" },
  pids: { 1: "pids.max", 2: "pids.max" },
} as const;

type Controller = keyof typeof limits;

/** A control group with a limit on its memory in bytes, or on its threads. */
export class ControlGroup implements AsyncDisposable {
  readonly path: string;

  constructor(controller: Controller, most: number) {
    const group = groups(controller);
    this.path = join(group?.folders[0] ?? "/nowhere", `transport-bench-${process.pid}`);
    mkdirSync(this.path);
    const limit = join(this.path, limits[controller][group?.version ?? 1]);
    try {
      writeFileSync(limit, `${most}`);
    } catch {
      // Where the controller isn't handed down there is no such file, and none can be made.
      rmdirSync(this.path);
      throw new Error(`no ${controller} controller`);
    }
  }

  /** For a shell: what is started by it from here on is in the group. */
  get enter(): string {
    return `echo $$ > ${this.path}/cgroup.procs`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It can't go while the last of its processes is still on its way out.
    await eventually(() => this.#isGone());
  }

  #isGone(): boolean {
    try {
      rmdirSync(this.path);
      return true;
    } catch {
      return !existsSync(this.path);
    }
  }
}

/** Often a container's own group can't be divided: a test is then skipped, also in `.ci/run`. */
export function canLimit(controller: Controller): boolean {
  try {
    rmdirSync(new ControlGroup(controller, 2 ** 22).path);
    return true;
  } catch {
    console.warn(`a test is skipped: it needs the right to make a control group for ${controller}`);
    return false;
  }
}
