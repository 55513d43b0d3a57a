import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { read } from "../machine/files.ts";

/*
 * Whether this process runs under `nohup` can't be asked of the system: Node resets the disposition of each signal
 * when it starts (https://github.com/nodejs/node/blob/v20.x/src/node.cc, PlatformInit). So `nohup` is recognised by
 * its traces. It leaves none where dash starts it at its prompt, or by a script that has ended meanwhile, with an
 * input that is no terminal.
 */

/** Traces in which `nohup` shows. */
export interface TerminalTraces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `/proc/PID/status` of the process that started this one; empty where there is none. */
  readonly parentStatus: string;
  /** `/proc/PID/cmdline` of the processes that this one descends from. */
  readonly ancestors: readonly string[];
  /** Whether standard input is open, and not for reading: what `nohup` puts in a terminal's place. */
  readonly isInputShut: boolean;
}

/** Whether this process is to go on when its terminal hangs up. */
export function outlivesTerminal(traces: TerminalTraces = ownTraces()): boolean {
  const { environment, parentStatus, ancestors, isInputShut } = traces;
  return (
    // bash leaves the path of the command that it has started; dash doesn't.
    basename(environment["_"] ?? "") === "nohup" ||
    isInputShut ||
    ignoresHangUp(parentStatus) ||
    ancestors.some(isToldNohup)
  );
}

/** Whether it is a shell whose own command begins one under `nohup`: `sh -c 'nohup …'`. */
function isToldNohup(commandLine: string): boolean {
  const [program = "", ...words] = commandLine.split("\0");
  const script = words[words.findIndex(isCommandFlag) + 1] ?? "";
  return isShell(program) && /(?:^|[\s;&|(/])nohup\s/.test(script);
}

/** SIGHUP is the first signal, and the first bit. */
function ignoresHangUp(status: string): boolean {
  const [, mask] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
}

function ownTraces(): TerminalTraces {
  return {
    environment: process.env,
    parentStatus: textOf(`/proc/${process.ppid}/status`),
    ancestors: ancestorsOf(process.ppid),
    isInputShut: isInputShut(),
  };
}

/** npx puts processes of its own in between, a shell among them. */
const maxAncestors = 6;

function ancestorsOf(first: number): string[] {
  const found: string[] = [];
  for (let pid = first; pid > 1 && found.length < maxAncestors;) {
    const commandLine = textOf(`/proc/${pid}/cmdline`);
    found.push(commandLine, ...scriptOf(commandLine, `/proc/${pid}/cwd`));
    pid = Number(/^PPid:\s*(\d+)$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return found;
}

/** A script that a shell plays is to us as if it had been given as its command. */
function scriptOf(commandLine: string, folder: string): string[] {
  const [program = "", ...words] = commandLine.split("\0");
  const file = words.find((word) => !word.startsWith("-"));
  if (!isShell(program) || file === undefined || words.some(isCommandFlag)) return [];
  const path = resolve(folder, file);
  return isScript(path)
    ? [[program, "-c", textOf(path).replaceAll(/^\s*#.*$/gm, "")].join("\0")]
    : [];
}

/** Never a pipe or a device, which may have no end. */
function isScript(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= maxScriptBytes;
  } catch {
    return false;
  }
}

/** In bytes. */
const maxScriptBytes = 1_048_576;

function isShell(program: string): boolean {
  return /^-?(?:ba|da|k|z)?sh$/.test(basename(program));
}

function isCommandFlag(word: string): boolean {
  return /^-[a-z]*c$/.test(word);
}

function textOf(path: string): string {
  return read(path) ?? "";
}

/** Linux tells how a descriptor was opened: the last octal digit is 1 for writing only. */
function isInputShut(): boolean {
  return /^flags:\s*\d*1$/m.test(textOf("/proc/self/fdinfo/0"));
}
