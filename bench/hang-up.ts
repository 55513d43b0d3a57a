import { readFileSync } from "node:fs";
import { basename } from "node:path";

/*
 * What `nohup` sets up can't be asked for: Node puts the disposition of each signal back when it starts
 * (https://github.com/nodejs/node/blob/v20.x/src/node.cc, PlatformInit). So it is told by its traces.
 */

/** What tells of a process how it was started. */
export interface Traces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the process that has started this one, as in `/proc/PID/status`; empty where there is none. */
  readonly parentStatus: string;
  /** Whether standard input is open, and not for reading: what `nohup` puts in a terminal's place. */
  readonly isInputShut: boolean;
}

/** Whether this process is to go on when its terminal hangs up. */
export function outlivesTerminal(traces: Traces = ownTraces()): boolean {
  const { environment, parentStatus, isInputShut } = traces;
  // Shells leave the path of the command that they have started.
  return basename(environment["_"] ?? "") === "nohup" || isInputShut || ignoresHangUp(parentStatus);
}

/** SIGHUP is the first signal, and the first bit. */
function ignoresHangUp(status: string): boolean {
  const [, mask] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
}

function ownTraces(): Traces {
  return {
    environment: process.env,
    parentStatus: textOf(`/proc/${process.ppid}/status`),
    isInputShut: isInputShut(),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Linux tells how a descriptor was opened: the last octal digit is 1 for writing only. */
function isInputShut(): boolean {
  return /^flags:\s*\d*1$/m.test(textOf("/proc/self/fdinfo/0"));
}
