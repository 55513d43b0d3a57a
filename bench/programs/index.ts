import { usageError } from "../errors/errors.ts";
import { findProgram } from "../machine/find-program.ts";
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

/** The file of a program; throws a `BenchError` that names the package where it is missing. */
export function fileOfProgram(
  { name, debianPackage }: Program,
  path = process.env["PATH"],
): string {
  const file = findProgram(name, path ?? "");
  if (file !== null) return file;
  throw usageError(`${name} not found; on Debian: apt-get install ${debianPackage}`);
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
