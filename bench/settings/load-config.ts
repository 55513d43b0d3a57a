import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { extname, resolve } from "node:path";
import * as z from "zod";
import { BenchError, codeOf, usageError } from "../errors/errors.ts";
import { packageFolder } from "../files/package-files.ts";
import { parseJson, readText } from "../files/text-files.ts";

// A config file may be a program that does anything: it runs in a process of its own, with limits on time and
// memory, and only plain data comes back.

const maxBytes = 10 * 1024 * 1024;
const maxMs = 15_000;
const maxMebibytes = 512;

/** The content of a config file: JSON, or the default export of a module. Throws a `BenchError`. */
export async function loadConfig(path: string): Promise<unknown> {
  const isModule = /^\.[cm]?[jt]sx?$/.test(extname(path));
  const { size } = fileAt(path);
  if (size > maxBytes) throw unreadable(path, `it is larger than ${maxBytes / 2 ** 20} MiB`);
  return isModule ? await evaluateFile(path) : parseJson(await textOf(path), path, "usage");
}

/** A pipe or a device may have no end, or never begin. */
function fileAt(path: string): { size: number } {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats;
  } catch (error) {
    throw unreadable(path, codeOf(error));
  }
  throw unreadable(path, "it is not a file");
}

async function textOf(path: string): Promise<string> {
  try {
    return await readText(path, maxBytes);
  } catch (error) {
    throw unreadable(path, codeOf(error));
  }
}

function unreadable(path: string, why: string): BenchError {
  return usageError(`${path} can't be read: ${why}`);
}

/** The message of the process: plain data, or why there is none. */
const sentSchema = z.union([
  z.strictObject({ reason: z.string() }),
  z.strictObject({ settings: z.unknown() }),
]);

/** Given to `node --eval`: a file of its own would have to be compiled where sources are run as they are. */
const program = `
  const [jiti, from, file] = process.argv.slice(1);
  const reasonOf = (error) => {
    try {
      if (error === null || error === undefined) return "it throws " + error;
      const text = String(error instanceof Error ? error.message || error.name : error);
      // jiti looks into what is exported.
      if (/of (null|undefined) \\(reading 'then'\\)/.test(text)) return "its default export is nothing";
      return /could not be cloned/.test(text) ? "it must hold plain data, but " + text : text;
    } catch {
      return "it throws a value that can't be shown";
    }
  };
  const fail = (error) => process.send({ reason: reasonOf(error) });
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  import(jiti)
    .then(({ createJiti }) => createJiti(from).import(file, { default: true }))
    .then((settings) => {
      const kind = Object.prototype.toString.call(settings).slice(8, -1);
      if (kind === "Module") throw new Error("it has no default export");
      const isOdd = typeof settings === "object" && kind !== "Object" && kind !== "Array";
      if (isOdd) throw new Error("it must hold plain data, but its default export is a " + kind);
      process.send({ settings });
    })
    .catch(fail);
`;

async function evaluateFile(path: string): Promise<unknown> {
  const heap = `--max-old-space-size=${maxMebibytes}`;
  const found = [import.meta.resolve("jiti"), packageFolder().href, resolve(path)];
  const child = spawn(process.execPath, [heap, "--eval", program, "--", ...found], {
    // What it prints is no part of ours: standard output may be a document.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const sent = await new Promise<z.infer<typeof sentSchema>>((done) => {
      const fail = (reason: string): void => done({ reason });
      child.once("message", (message) => done(sentSchema.parse(message)));
      child.once("error", ({ message }) => fail(message));
      child.once("disconnect", () => fail("it ends before it has exported its settings"));
      timer = setTimeout(() => fail(`it takes longer than ${maxMs / 1_000} s`), maxMs);
    });
    if ("settings" in sent) return sent.settings;
    throw unreadable(path, sent.reason.split("\n")[0] ?? "");
  } finally {
    clearTimeout(timer);
    // With whatever it still waits for.
    child.kill("SIGKILL");
  }
}
