import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import os from "node:os";
import {
  cgroupLimits,
  congestionControl,
  cpuTicks,
  governor,
  stealShare,
  tcpMemory,
} from "../machine/host.ts";
import type { Ticks } from "../machine/host.ts";
import { hypervisor } from "../machine/hypervisor.ts";
import {
  acceptBacklog,
  clockSource,
  loopbackAddresses,
  openFilesLimit,
  portRange,
} from "../machine/kernel.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import { packageFolder, versionIn } from "../files/package-files.ts";
import { packageUrl } from "../../transports/optional-packages.ts";
import type { Environment, Host } from "./schema.ts";
import { git } from "../files/git.ts";

/**
 * The hardware and software that figures are about to be measured with; `packages` are those that take part besides
 * this one's own, and `tls` is how connections are encrypted.
 */
export async function environmentNow(
  packages: readonly string[] = [],
  tls: Environment["software"]["tls"] = null,
): Promise<Environment> {
  return {
    host: await hostNow(4),
    software: {
      ...(await originOf(packageFolder())),
      versions: Object.fromEntries(
        Object.entries(process.versions).map(([name, version]) => [name, version ?? "unknown"]),
      ),
      libraries: versionsOf([
        "ws",
        "undici",
        "eventsource",
        "eventsource-parser",
        "autocannon",
        "hdr-histogram-js",
        ...packages,
      ]),
      nodeOptions: withoutSecrets(process.env["NODE_OPTIONS"] ?? ""),
      execArgv: process.execArgv.map((word) => withoutSecrets(word)),
      programs: {},
      tls,
    },
  };
}

/**
 * The machine as it is now: null where it doesn't tell, and for what only the end of a run shows. So many
 * loopback addresses are tried.
 */
export async function hostNow(addressesWanted: number): Promise<Host> {
  const processors = os.cpus();
  return {
    platform: os.platform(),
    kernel: os.release(),
    architecture: os.arch(),
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    hypervisor: hypervisor(),
    governor: governor(),
    cgroup: cgroupLimits(),
    clockSource: clockSource(),
    loadBefore: load(),
    loadAfter: null,
    stealShare: null,
    openFilesLimit: openFilesLimit(),
    openFilesHardLimit: openFilesLimit("hard"),
    portRange: portRange(),
    acceptBacklog: acceptBacklog(),
    loopbackAddresses: (await loopbackAddresses(addressesWanted)).length,
    tcpMemory: tcpMemory(),
    congestionControl: congestionControl(),
  };
}

/** The record from before a run, with what only its end shows. */
export function environmentAfter(before: Environment, ticksBefore: Ticks | null): Environment {
  const after = { loadAfter: load(), stealShare: stealShare(ticksBefore, cpuTicks()) };
  return { ...before, host: { ...before.host, ...after } };
}

/** Processes that ran or waited to run, on average over a minute. */
function load(): number {
  return os.loadavg()[0] ?? 0;
}

function versionsOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]));
}

/** The version in the package.json above a package's main file. */
function versionOf(name: string): string {
  let folder = new URL(".", packageUrl(name));
  while (folder.pathname.length > 1 && !folder.pathname.endsWith(`/node_modules/${name}/`)) {
    folder = new URL("..", folder);
  }
  return folder.pathname.length > 1 ? versionIn(folder) : "unknown";
}

/** Where this very code comes from. */
type Origin = Pick<Environment["software"], "transportBench" | "lockfileSha256" | "commit">;

export async function originOf(folder: URL): Promise<Origin> {
  return {
    transportBench: versionIn(folder),
    lockfileSha256: await hashOf(new URL("package-lock.json", folder)),
    commit: await commitOf(folder),
  };
}

async function hashOf(file: URL): Promise<string | null> {
  try {
    return createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  } catch {
    return null;
  }
}

/** Null where the folder itself is no checkout: a checkout further up belongs to a user of this package. */
async function commitOf(folder: URL): Promise<Origin["commit"]> {
  if (!existsSync(new URL(".git", folder))) return null;
  try {
    const hash = await ask(folder, "rev-parse", "HEAD");
    const changes = await ask(folder, "status", "--porcelain", "--untracked-files=no");
    return { hash, dirty: changes !== "" };
  } catch {
    return null;
  }
}

function ask(folder: URL, ...args: readonly string[]): Promise<string> {
  return git(folder, args, { timeout: 2_000 });
}
