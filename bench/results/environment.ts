import { readFile } from "node:fs/promises";
import os from "node:os";
import {
  acceptBacklog,
  clockSource,
  loopbackAddresses,
  openFilesLimit,
  portRange,
} from "../measure/kernel.ts";
import type { Environment } from "./schema.ts";

/**
 * What the figures were measured on and with. Given the record from before a run, only the load after
 * it is new.
 */
export async function environmentNow(before?: Environment): Promise<Environment> {
  const [load = 0] = os.loadavg();
  if (before !== undefined) return { ...before, host: { ...before.host, loadAfter: load } };
  const processors = os.cpus();
  return {
    host: {
      platform: os.platform(),
      kernel: os.release(),
      architecture: os.arch(),
      cpu: processors[0]?.model.trim() ?? "unknown",
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      clockSource: clockSource(),
      loadBefore: load,
      loadAfter: null,
      openFilesLimit: openFilesLimit(),
      portRange: portRange(),
      acceptBacklog: acceptBacklog(),
      loopbackAddresses: (await loopbackAddresses(4)).length,
    },
    software: {
      transportBench: await ownVersion(),
      versions: {
        ...pick(process.versions, ["node", "v8", "uv", "llhttp"]),
        ws: await versionOf("ws"),
        undici: await versionOf("undici"),
        eventsource: await versionOf("eventsource"),
        "eventsource-parser": await versionOf("eventsource-parser"),
        autocannon: await versionOf("autocannon"),
      },
      nodeOptions: process.env["NODE_OPTIONS"] ?? "",
    },
  };
}

async function ownVersion(): Promise<string> {
  // The sources lie one folder higher than the build.
  for (const path of ["../../package.json", "../../../package.json"]) {
    const version = await readVersion(new URL(path, import.meta.url));
    if (version !== null) return version;
  }
  return "unknown";
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

async function readVersion(file: URL): Promise<string | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    const known = typeof parsed === "object" && parsed !== null && "version" in parsed;
    return known && typeof parsed.version === "string" ? parsed.version : null;
  } catch {
    return null;
  }
}

function pick(versions: NodeJS.ProcessVersions, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, versions[name] ?? "unknown"]));
}
