import { BenchError } from "../../bench/errors/errors.ts";
import { ProcessEnded } from "../../bench/processes/process-ended.ts";

/** The outcome of a process's start; one that can't is ended, and told in a line. */
export async function started<T>(process: AsyncDisposable, start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw new BenchError("usage", reasonOf(error));
  }
}

/** Why something couldn't be played, in a line; of a process that nothing caught an error in, with that. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const uncaught = error instanceof ProcessEnded ? /^\w*Error\b.*$/m.exec(error.stderr) : null;
  return uncaught === null ? message : `${message}: ${uncaught[0]}`;
}
