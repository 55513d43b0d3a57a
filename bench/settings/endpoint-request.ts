import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { codeOf, usageError } from "../errors/errors.ts";

/** What the user's own endpoint is asked with. Plain data, without the values of variables. */
export interface EndpointRequest {
  /** As it was named. */
  readonly file: string;
  /** The body, in base64. */
  readonly body: string;
  readonly bytes: number;
  readonly sha256: string;
  /** By their names in small letters; `${NAME}` in them stands for a variable. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Prompts are texts; the largest models take some megabytes of it. */
const maxBytes = 16 * 1024 * 1024;

/** Reads the body that `--request` names, once. Throws a `BenchError` that says what is wrong with it. */
export function endpointRequest(
  file: string,
  fields: Readonly<Record<string, string>>,
): EndpointRequest {
  const body = bodyIn(file);
  if (extname(file) === ".json" && parsed(body) === undefined) {
    throw usageError(`${file} isn't JSON${jsonError(body)}`);
  }
  return {
    file,
    body: body.toString("base64"),
    bytes: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
    fields: { "content-type": "application/json", ...fields },
  };
}

function bodyIn(file: string): Buffer {
  try {
    const stats = statSync(file);
    // A pipe or a device may have no end.
    if (!stats.isFile()) throw usageError(`${file} is not a file`);
    if (stats.size > maxBytes) {
      throw usageError(`${file} is larger than ${maxBytes / 2 ** 20} MiB`);
    }
    if (stats.size === 0) throw usageError(`${file} is empty`);
    return readFileSync(file);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") throw usageError(`there is no file ${file}`);
    throw error instanceof Error && "syscall" in error
      ? usageError(`${file} can't be read: ${code}`)
      : error;
  }
}

function parsed(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
}

/** Where it goes wrong, without a word of what is there. */
function jsonError(body: Buffer): string {
  try {
    JSON.parse(body.toString("utf8"));
    return "";
  } catch (error) {
    const [, position] = /position (\d+)/.exec(String(error)) ?? [];
    return position === undefined ? "" : `, from character ${position} on`;
  }
}

/** What is to be said of a request that is none for a stream, as far as it can be seen; null for nothing. */
export function streamHint({ file, body }: EndpointRequest): string | null {
  const given = parsed(Buffer.from(body, "base64"));
  if (typeof given !== "object" || given === null) return null;
  const isLikely = ["messages", "prompt", "input"].some((key) => key in given) && "model" in given;
  if (!isLikely || ("stream" in given && given.stream === true)) return null;
  return `${file} doesn't say "stream": true, without which most endpoints answer at once`;
}
