import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "../bench/measure/cgroup.ts";
import { eventually } from "./bench-process.ts";

/** A control group that may use so much memory. */
export class MemoryGroup implements AsyncDisposable {
  readonly path: string;

  constructor(limitBytes: number) {
    const group = groups("memory");
    this.path = join(group?.folders[0] ?? "/nowhere", `transport-bench-${process.pid}`);
    mkdirSync(this.path);
    const limit = group?.version === 2 ? "memory.max" : "memory.limit_in_bytes";
    // Where the controller isn't handed down there is no such file, and none can be made.
    if (existsSync(join(this.path, limit))) writeFileSync(join(this.path, limit), `${limitBytes}`);
    else this.#refuse();
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

  #refuse(): never {
    rmdirSync(this.path);
    throw new Error("no memory controller");
  }
}

/** Often a container's own group can't be divided: a test is then skipped, also in `.ci/run`. */
export function canLimitMemory(): boolean {
  try {
    rmdirSync(new MemoryGroup(2 ** 26).path);
    return true;
  } catch {
    console.warn("a test is skipped: it needs the right to make a control group for memory");
    return false;
  }
}
