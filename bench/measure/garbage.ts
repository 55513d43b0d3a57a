import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects garbage twice, with a turn of the event loop between: what is finalized after the first time
 * (sockets, buffers) only goes with the second.
 */
export async function collectGarbage(): Promise<void> {
  collect ??= exposeCollector();
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
}

let collect: (() => void) | undefined;

/**
 * V8's own collector. A process that is started with a flag for it takes none of Node's modules as they were
 * compiled before, since they were without: it starts a fifth later.
 */
function exposeCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("gc");
  if (typeof found !== "function") throw new Error("V8 exposes no garbage collector");
  return () => void found();
}
