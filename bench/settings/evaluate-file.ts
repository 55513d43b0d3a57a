import { spawn } from "node:child_process";
import { resolve } from "node:path";
import * as z from "zod";
import { packageFolder } from "../files/package-files.ts";
import { apiAliases } from "./adapter-api.ts";
import { withInstallation } from "./missing-packages.ts";

// A file of the user's may be a program that does anything: it runs first in a process of its own, with limits on
// time and memory.

const maxMebibytes = 512;

/** Why a file can't be evaluated. */
export interface Failure {
  /** In one line. */
  readonly reason: string;
  /** The stack of the error; empty where the file threw none. */
  readonly stack: string;
}

export type Evaluated = Failure | { readonly exported: unknown };

export interface Evaluating {
  /** How long its import may take, in milliseconds. */
  readonly maxMs: number;
  /** How long its process may take to start before that: by a busy machine, which is no fault of the file. */
  readonly maxStartMs?: number;
  /** Whether the default export is wanted, which then has to be plain data, or only that there is no failure. */
  readonly wantsData: boolean;
}

const sentSchema = z.union([
  z.literal("importing"),
  z.strictObject({ reason: z.string(), stack: z.string() }),
  z.strictObject({ exported: z.unknown() }),
]);

/** Given to `node --eval`: a file of its own would have to be compiled where sources are run as they are. */
const program = `
  const [jiti, from, alias, wantsData, file] = process.argv.slice(1);
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
  const stackOf = (error) => {
    try {
      return String(error.stack);
    } catch {
      return "";
    }
  };
  const fail = (error) => process.send({ reason: reasonOf(error), stack: stackOf(error) });
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  import(jiti)
    .then(({ createJiti }) => createJiti(from, { alias: JSON.parse(alias) }))
    .then((loader) => new Promise((sent) => process.send("importing", () => sent(loader))))
    .then((loader) => loader.import(file, { default: true }))
    // What it has begun and nobody waits for fails after that, and is told first.
    .then((exported) => new Promise((done) => setImmediate(done, exported)))
    .then((exported) => {
      if (wantsData !== "true") return process.send({ exported: null });
      const kind = Object.prototype.toString.call(exported).slice(8, -1);
      if (kind === "Module") throw new Error("it has no default export");
      const isOdd = typeof exported === "object" && kind !== "Object" && kind !== "Array";
      if (isOdd) throw new Error("it must hold plain data, but its default export is a " + kind);
      process.send({ exported });
    })
    .catch(fail);
`;

/** Evaluates a JavaScript or TypeScript module in a process of its own. */
export async function evaluateFile(
  path: string,
  { maxMs, maxStartMs = 60_000, wantsData }: Evaluating,
): Promise<Evaluated> {
  const heap = `--max-old-space-size=${maxMebibytes}`;
  const found = [import.meta.resolve("jiti"), packageFolder().href, JSON.stringify(apiAliases())];
  const words = [...found, String(wantsData), resolve(path)];
  const child = spawn(process.execPath, [heap, "--eval", program, "--", ...words], {
    // What it prints is no part of ours: standard output may be a document.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Evaluated>((done) => {
      const fail = (reason: string): void => done({ reason, stack: "" });
      const within = (limitMs: number, reason: string): void => {
        clearTimeout(timer);
        timer = setTimeout(() => fail(reason), limitMs);
      };
      child.on("message", (message) => {
        const sent = sentSchema.parse(message);
        if (sent === "importing") within(maxMs, `it takes longer than ${maxMs / 1_000} s`);
        else done(forPeople(sent, path));
      });
      child.once("error", ({ message }) => fail(message));
      child.once("disconnect", () =>
        fail(`it ends before it has exported ${wantsData ? "its settings" : "anything"}`),
      );
      within(maxStartMs, `Node takes longer than ${maxStartMs / 1_000} s to start`);
    });
  } finally {
    clearTimeout(timer);
    // With whatever it still waits for.
    child.kill("SIGKILL");
  }
}

/** In one line, with what helps. */
function forPeople(evaluated: Evaluated, path: string): Evaluated {
  if (!("reason" in evaluated)) return evaluated;
  const [reason = ""] = evaluated.reason.split("\n");
  return { ...evaluated, reason: withInstallation(reason, resolve(path)) };
}
