import { CommanderError } from "commander";
import { asLine, errorLines } from "../errors/error-lines.ts";
import { BenchError, codeOf, exitCodes } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import { exhaustedResource } from "../machine/resource-limits.ts";

/** The one place where an error is printed. */
export function printError(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help was asked for and has been shown.
    if (error.exitCode === 0) return;
    process.exitCode = exitCodes.usage;
    if (error.code !== "commander.help") process.stderr.write(`${asLine(error.message)}\n`);
  } else if (error instanceof BenchError) {
    process.exitCode = error.code === "output" ? exitCodes.failed : exitCodes.usage;
    process.stderr.write(`${errorLines(error).join("\n")}\n`);
  } else if (exhaustedResource(error) !== null) {
    process.exitCode = exitCodes.failed;
    process.stderr.write(`${asLine(`error: ${exhaustedResource(error)}`)}\n`);
  } else {
    process.exitCode = exitCodes.failed;
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(
      `error: this is a bug in bench, please report it: ${withoutSecrets(String(stack))}\n`,
    );
  }
}

/** The errors of writing to a reader that has gone: it has seen enough (`| head`), or its terminal was closed. */
const gone: ReadonlySet<string> = new Set(["EPIPE", "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

/**
 * Goes on when a reader of the output goes away: measuring and saving don't depend on it. Only other failures to
 * write, such as a full disk, are errors.
 */
export function survivePartingReaders(): void {
  let isFull = false;
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error) => {
    if (isFull || gone.has(codeOf(error))) return;
    isFull = true;
    printError(new BenchError("output", `can't write to standard output (${codeOf(error)})`));
    process.once("exit", () => {
      process.exitCode ||= exitCodes.failed;
    });
  });
}
