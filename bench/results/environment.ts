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
import { originOf, readVersion } from "./origin.ts";
import { ownFolder } from "../files/own-files.ts";
import type { Environment, Host } from "./schema.ts";

/** What figures are about to be measured on and with. */
export async function environmentNow(): Promise<Environment> {
  return {
    host: await hostNow(4),
    software: {
      ...(await originOf(ownFolder())),
      versions: Object.fromEntries(
        Object.entries(process.versions).map(([name, version]) => [name, version ?? "unknown"]),
      ),
      libraries: await versionsOf([
        "ws",
        "undici",
        "eventsource",
        "eventsource-parser",
        "autocannon",
        "hdr-histogram-js",
      ]),
      nodeOptions: withoutSecrets(process.env["NODE_OPTIONS"] ?? ""),
      execArgv: process.execArgv.map((word) => withoutSecrets(word)),
      programs: {},
      tls: null,
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

async function versionsOf(names: readonly string[]): Promise<Record<string, string>> {
  const versions = names.map(async (name) => [name, await versionOf(name)] as const);
  return Object.fromEntries(await Promise.all(versions));
}

/** The version in the package.json above a package's main file. */
async function versionOf(name: string): Promise<string> {
  let folder = new URL(".", import.meta.resolve(name));
  while (folder.pathname.length > 1) {
    const file = new URL("package.json", folder);
    if (folder.pathname.endsWith(`/node_modules/${name}/`)) {
      return (await readVersion(file)) ?? "unknown";
    }
    folder = new URL("..", folder);
  }
  return "unknown";
}
