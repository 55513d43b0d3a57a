import { resolve } from "node:path";
import { usageError } from "../errors/errors.ts";
import { findProgram, programAt } from "../machine/find-program.ts";
import { haproxy } from "./haproxy.ts";
import { natsServer } from "./nats-server.ts";
import { nginx } from "./nginx.ts";
import type { Program } from "./program.ts";
import { redisServer } from "./redis-server.ts";

const programs = {
  "redis-server": redisServer,
  "nats-server": natsServer,
  nginx,
  haproxy,
} as const;

/** The programs that a run may need. */
export type ProgramName = keyof typeof programs;

export function programNamed(name: ProgramName): Program {
  return programs[name];
}

/**
 * The file of a program: the one that its variable names, or that is found in the folders of `path` or where
 * administrators' programs are. Throws a `BenchError` that names variable or package where there is none.
 */
export function fileOfProgram(
  { name, command = name, debianPackage }: Pick<Program, "name" | "command" | "debianPackage">,
  path = process.env["PATH"],
): string {
  const variable = `${name.toUpperCase().replaceAll("-", "_")}_PATH`;
  const given = process.env[variable] ?? "";
  const file = given === "" ? findProgram(command, path ?? "") : programAt(resolve(given));
  if (file !== null) return file;
  if (given !== "") throw usageError(`${variable}: ${given} is no program that can be started`);
  throw usageError(`${command} not found; on Debian: apt-get install ${debianPackage}`);
}

/** Why a program can't be had here; null where it can. */
export function whyMissing(name: ProgramName, path = process.env["PATH"]): string | null {
  try {
    fileOfProgram(programNamed(name), path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
