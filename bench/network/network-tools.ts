import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { usageError } from "../errors/errors.ts";
import { administratorsFolders, findProgram } from "../machine/find-program.ts";

/** The programs that make a network, and the Debian package that each is in. */
const packages = {
  ip: "iproute2",
  ethtool: "ethtool",
  nsenter: "util-linux",
  unshare: "util-linux",
} as const;

export type ToolName = keyof typeof packages;

/** Where each program is. */
export type Tools = Readonly<Record<ToolName, string>>;

/** What namespaces and their devices need; a veth pair needs `ethtool`, too. */
export const deviceTools: readonly ToolName[] = ["ip", "nsenter", "unshare"];
const allTools: readonly ToolName[] = [...deviceTools, "ethtool"];

/** Finds the programs in the folders of `path`; throws a `BenchError` that names those missing of `needed`. */
export function findTools(
  path: string,
  platform: NodeJS.Platform,
  moreFolders: readonly string[] = administratorsFolders,
  needed: readonly ToolName[] = allTools,
): Tools {
  if (platform !== "linux") {
    throw usageError(`network namespaces need Linux, and this is ${platform}`);
  }
  const missing: ToolName[] = [];
  const find = (name: ToolName): string => {
    const found = findProgram(name, path, moreFolders);
    if (found === null && needed.includes(name)) missing.push(name);
    return found ?? name;
  };
  const tools: Tools = {
    ip: find("ip"),
    ethtool: find("ethtool"),
    nsenter: find("nsenter"),
    unshare: find("unshare"),
  };
  if (missing.length === 0) return tools;
  const wanted = [...new Set(missing.map((name) => packages[name]))].join(" ");
  throw usageError(`${missing.join(", ")} not found; on Debian: apt-get install ${wanted}`);
}

/** Messages that we pass on are in one language. */
export const toolEnvironment: NodeJS.ProcessEnv = { ...process.env, LC_ALL: "C" };

/** Runs a command line with `input`; rejects with the first line of what it complains. */
export async function runTool(commandLine: readonly string[], input = ""): Promise<void> {
  const [command = "", ...args] = commandLine;
  const running = promisify(execFile)(command, args, { env: toolEnvironment });
  // A program that ends without having read everything says itself why.
  running.child.stdin?.on("error", () => {}).end(input);
  try {
    await running;
  } catch (error) {
    throw new Error(complaint(error), { cause: error });
  }
}

function complaint(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = "stderr" in error ? String(error.stderr) : "";
  return firstLine(stderr) || firstLine(error.message);
}

export function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.trim() ?? "";
}

/** Whether this kernel knows IPv6, which must then be kept quiet. */
export function knowsIpv6(): boolean {
  return existsSync("/proc/net/if_inet6");
}
