import { outlivesTerminal } from "./hang-up.ts";
import { againMs } from "./interruption.ts";

/** Resolves when somebody asks this process to end; under `nohup`, a terminal that hangs up doesn't. */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
    process.on("SIGHUP", () => {
      if (!outlivesTerminal()) resolve();
    });
  });
}

/** The same for who has asked just now, and asks again. */
export async function askedAgainToEnd(): Promise<void> {
  const askedMs = performance.now();
  do await askedToEnd();
  while (performance.now() - askedMs < againMs);
}
