import { constants, fstatSync, statSync, writeFile as writeFileOf } from "node:fs";
import type { Stats } from "node:fs";
import { access, open, readlink, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { BenchError, codeOf, usageError } from "../errors/errors.ts";
import { prepareFolder } from "./folders.ts";

// Where reports go: to a file that is replaced as a whole, or through whatever else a path may name.

/** A file, device, pipe or socket, with no symbolic link left in its path; or one of our descriptors. */
type Destination =
  | { readonly kind: "descriptor"; readonly number: number }
  | { readonly kind: "path"; readonly path: string; readonly is: Stats | null };

/** More symbolic links in a row than any system follows. */
const maxLinks = 40;

/**
 * Writes an output. A regular file is replaced as a whole, so that what is there is always complete, and
 * keeps mode and owner; a device, a pipe or a descriptor is written to, and a link written through. Throws
 * a `BenchError` when that can't be done.
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const to = await destinationOf(path);
    if (to.kind === "descriptor") await writeTo(to.number, content);
    else if (!(await replaceFile(to.path, to.is, content))) await writeFile(to.path, content);
  } catch (error) {
    // A reader that has seen enough is not an error.
    if (codeOf(error) !== "EPIPE") {
      throw new BenchError("output", `can't write ${path} (${codeOf(error)})`);
    }
  }
}

/**
 * Proves that an output can be written and is none of `inputs`; throws a `BenchError` that names `flag`
 * otherwise. To be called before anything starts.
 */
export async function proveOutput(
  path: string,
  flag: string,
  inputs: readonly string[],
): Promise<void> {
  const refuse = (why: string): never => {
    throw usageError(`${flag}: ${why}`);
  };
  refuseInput(path, flag, inputs);
  try {
    const to = await destinationOf(path);
    if (to.kind === "descriptor") fstatSync(to.number);
    else if (to.is?.isDirectory() === true || path.endsWith(sep)) {
      refuse(`${path} is a folder; name a file in it`);
    } else if (to.is === null) await prepareFolder(dirname(to.path), flag);
    else await access(to.path, constants.W_OK);
  } catch (error) {
    if (error instanceof BenchError) throw error;
    refuse(`can't write to ${path} (${codeOf(error)})`);
  }
}

/** Throws a `BenchError` when writing `path` would replace a file that is read, whatever it is called. */
export function refuseInput(path: string, flag: string, inputs: readonly string[]): void {
  const input = inputs.find((read) => isSameFile(read, path));
  if (input === undefined) return;
  const named = input === path ? "" : ` (${input})`;
  throw usageError(`${flag}: ${path} is an input${named}; name another file`);
}

/** Whether two paths lead to one regular file that is there. */
export function isSameFile(a: string, b: string): boolean {
  const [first, second] = [statOf(a), statOf(b)];
  if (first === null || second === null || !first.isFile()) return false;
  return first.dev === second.dev && first.ino === second.ino;
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

async function destinationOf(given: string): Promise<Destination> {
  let path = resolve(given);
  for (let links = 0; links < maxLinks; links += 1) {
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    path = join(folder, basename(path));
    const number = ownDescriptor(path);
    if (number !== null) return { kind: "descriptor", number };
    const target = await readlink(path).catch(() => null);
    if (target === null) return { kind: "path", path, is: await statIfThere(path) };
    path = resolve(folder, target);
  }
  throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
}

/** `/dev/stdout`, `/dev/fd/63` and what a shell substitutes for a process: they can't be opened again. */
function ownDescriptor(path: string): number | null {
  const [, pid, number] = /^(?:\/proc\/(\d+)|\/dev)\/fd\/(\d+)$/.exec(path) ?? [];
  if (number === undefined || (pid ?? String(process.pid)) !== String(process.pid)) return null;
  return Number(number);
}

async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Writes to an open descriptor, after whatever Node itself has written to a standard stream. */
async function writeTo(descriptor: number, content: string | Uint8Array): Promise<void> {
  const { stdout, stderr } = process;
  const stream = descriptor === 1 ? stdout : descriptor === 2 ? stderr : null;
  if (stream === null) await promisify(writeFileOf)(descriptor, content);
  else await new Promise<void>((done) => void stream.write(content, () => done()));
}

/**
 * Replaces a file; returns false where that is impossible or would lose something, so that it is written to
 * instead.
 */
async function replaceFile(
  path: string,
  before: Stats | null,
  content: string | Uint8Array,
): Promise<boolean> {
  if (before !== null) {
    if (!before.isFile() || before.nlink > 1) return false;
    await access(path, constants.W_OK);
  }
  const next = join(dirname(path), `.bench-${process.pid}.tmp`);
  try {
    await rm(next, { force: true });
    await writeLike(before, next, content);
    await rename(next, path);
    return true;
  } catch (error) {
    await rm(next, { force: true }).catch(() => {});
    // The folder, the owner or a mount in its place doesn't let it be replaced, but it may be written.
    if (before !== null && ["EACCES", "EPERM", "EROFS", "EBUSY"].includes(codeOf(error))) {
      return false;
    }
    throw error;
  }
}

/** Makes a file that has the owner and mode of another. */
async function writeLike(
  like: Stats | null,
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  await using file = await open(path, "wx", like === null ? 0o666 : 0o600);
  if (like !== null) {
    const own = await file.stat();
    if (own.uid !== like.uid || own.gid !== like.gid) await file.chown(like.uid, like.gid);
    await file.chmod(like.mode & 0o7777);
  }
  await file.writeFile(content);
}
