import { resolve } from "node:path";
import { usageError } from "../errors/errors.ts";
import { findProgram, programAt } from "./find-program.ts";

/** A program by its name, the file that is looked for, which is called like that when left out, and its package. */
export interface ProgramSought {
  readonly name: string;
  readonly command?: string;
  readonly debianPackage: string;
}

/**
 * The file of a program: the one that its variable names, or that is found in the folders of `path` or where
 * administrators' programs are. Throws a `BenchError` that names variable or package where there is none.
 */
export function fileOfProgram(
  { name, command = name, debianPackage }: ProgramSought,
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
export function whyNoProgram(program: ProgramSought, path = process.env["PATH"]): string | null {
  try {
    fileOfProgram(program, path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
