import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { collectGarbage } from "../../bench/measure/garbage.ts";
import { heapBytes } from "../../bench/measure/memory-course.ts";
import { soakVariable, spellingOf } from "./reported-heap.ts";

/*
 * Loaded by every process of a soak, by `NODE_OPTIONS`: collects garbage from time to time, and writes what JavaScript
 * still holds to a file named after the process. Without that a heap grows for as long as V8 sees no reason to
 * collect, which in a process that does little may be longer than the soak.
 */

const { folder, everyMs } = spellingOf(process.env[soakVariable] ?? "");

setInterval(() => void report(), everyMs).unref();

async function report(): Promise<void> {
  await collectGarbage();
  const line = `${Date.now()} ${heapBytes()}\n`;
  try {
    appendFileSync(join(folder, `${process.pid}.heap`), line);
  } catch {
    // The soak has ended before this process, and taken its folder away.
  }
}
