import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { BenchError, codeOf, usageError } from "../errors/errors.ts";

/** All of it is held in memory by every process of a trial. */
const maxBytes = 16 * 1024 * 1024;

/** The messages of a corpus: UTF-8 text, a message on each line. Throws a `BenchError` that says what it is instead. */
export function readCorpus(path: string): { lines: string[]; sha256: string } {
  const bytes = bytesOf(path);
  const lines = textOf(bytes, path)
    .split(/\r?\n/)
    .filter((line) => line !== "");
  if (lines.length === 0) throw usageError(`${path} is empty`);
  for (const [index, line] of lines.entries()) checkLine(line, `${path}, message ${index + 1}`);
  return { lines, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function bytesOf(path: string): Buffer {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw usageError(`${path} is not a file`);
    if (stats.size > maxBytes) throw usageError(`${path} is larger than ${maxBytes / 2 ** 20} MiB`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof BenchError) throw error;
    throw usageError(`${path} can't be read (${codeOf(error)})`);
  }
}

function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${path} is not UTF-8 text, with a message on each line`);
  }
}

function checkLine(line: string, where: string): void {
  // Server-sent events know no carriage return within a line.
  if (line.includes("\r")) throw usageError(`${where} has a carriage return within it`);
}
