import { join } from "node:path";
import { KernelFile, read } from "./files.ts";

/*
 * The control groups that limit this process, version 1 or 2. A limit may stand at any group above the
 * own one, so all of them are looked at, as far as this process can see them.
 */

/** Where a controller's files are for this process: its own group's folder first, then those above it. */
export interface Groups {
  readonly version: 1 | 2;
  readonly folders: readonly string[];
}

/** The limits of the groups; null where there is none. */
export interface Limits {
  /** Processors' worth of time. */
  readonly cpuCores: number | null;
  readonly memoryBytes: number | null;
}

/**
 * Finds a controller's folders from the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`. A
 * container may see its own group mounted as if it were the topmost, while its path tells the whole way.
 */
export function groupsOf(controller: string, membership: string, mounts: string): Groups | null {
  const paths = membership.split("\n").flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    return controllers === undefined || path === undefined ? [] : [{ controllers, path }];
  });
  for (const version of [1, 2] as const) {
    const wanted = version === 1 ? controller : "";
    const group = paths.find(({ controllers }) => controllers.split(",").includes(wanted));
    const mount = mountOf(version, controller, mounts);
    if (group === undefined || mount === null) continue;
    return { version, folders: foldersUpTo(mount.point, below(mount.root, group.path)) };
  }
  return null;
}

interface Mount {
  /** The group that is seen as the topmost. */
  readonly root: string;
  readonly point: string;
}

function mountOf(version: 1 | 2, controller: string, mounts: string): Mount | null {
  for (const line of mounts.split("\n")) {
    const [place = "", rest = ""] = line.split(" - ");
    const [, , , root, point] = place.split(" ");
    const [type, , options = ""] = rest.split(" ");
    const fits =
      version === 2
        ? type === "cgroup2"
        : type === "cgroup" && options.split(",").includes(controller);
    if (fits && root !== undefined && point !== undefined) return { root, point };
  }
  return null;
}

/** The part of a path that can be seen below what is mounted. */
function below(root: string, path: string): string {
  if (root === "/") return path.startsWith("/..") ? "/" : path;
  return path.startsWith(`${root}/`) ? path.slice(root.length) : "/";
}

function foldersUpTo(point: string, path: string): string[] {
  const names = path.split("/").filter(Boolean);
  return [...names, ""].map((_, index) => join(point, ...names.slice(0, names.length - index)));
}

/** Processors' worth of time that a group may use: `cpu.max`, or the quota and period of version 1. */
export function quotaOf(quota: string, period: string): number | null {
  const cores = Number(quota) / Number(period);
  return cores > 0 && Number.isFinite(cores) ? cores : null;
}

/** The tightest limits of all groups that a process is in; null where they can't be read. */
export function cgroupLimits(pid: number | "self" = "self"): Limits | null {
  const cpu = groups("cpu", pid);
  const memory = groups("memory", pid);
  if (cpu === null && memory === null) return null;
  const cores = (cpu?.folders ?? []).flatMap((folder) => {
    const [quota, period] =
      cpu?.version === 2
        ? (read(join(folder, "cpu.max"))?.split(" ") ?? [])
        : ["quota", "period"].map((name) => read(join(folder, `cpu.cfs_${name}_us`)) ?? "");
    return quotaOf(quota ?? "", period ?? "") ?? [];
  });
  const file = memory?.version === 2 ? "memory.max" : "memory.limit_in_bytes";
  const bytes = (memory?.folders ?? []).flatMap((folder) => {
    const limit = Number(read(join(folder, file)) ?? Number.NaN);
    // Version 1 writes no limit as the largest number of pages.
    return limit < Number.MAX_SAFE_INTEGER ? limit : [];
  });
  return {
    cpuCores: cores.length === 0 ? null : Math.min(...cores),
    memoryBytes: bytes.length === 0 ? null : Math.min(...bytes),
  };
}

/**
 * How long groups that this process is in have been kept from running since they began, summed over
 * processors, in milliseconds; null where that can't be read.
 */
export function throttledMs(): number | null {
  statistics ??= (groups("cpu")?.folders ?? []).map(
    (folder) => new KernelFile(join(folder, "cpu.stat")),
  );
  const texts = statistics.flatMap((file) => file.read() ?? []);
  if (texts.length === 0) return null;
  return texts.reduce((total, text) => total + throttledMsIn(text), 0);
}

let statistics: readonly KernelFile[] | undefined;

/** A group without a limit says nothing of throttling. */
export function throttledMsIn(statistics: string): number {
  const [, unit, value] = /^throttled_(usec|time) (\d+)$/m.exec(statistics) ?? [];
  return Number(value ?? 0) / (unit === "usec" ? 1e3 : 1e6);
}

/** The control groups of a process, as far as this process can see them. */
export function groups(controller: string, pid: number | "self" = "self"): Groups | null {
  const membership = read(`/proc/${pid}/cgroup`) ?? "";
  return groupsOf(controller, membership, read("/proc/self/mountinfo") ?? "");
}
