import { readdirSync, readlinkSync } from "node:fs";
import { read } from "../machine/files.ts";
import { withoutSecrets } from "../errors/secrets.ts";

/*
 * Finds the processes that a command has started. They have a mark in their environment, which their children inherit
 * even in another session or after their parents have ended. Linux shows environments under /proc.
 */

/** The variable that holds the mark; a mark is never used again. */
export const markVariable = "TRANSPORT_BENCH_STARTED";

/** All that run and carry a mark; without one, whatever bench has started. */
export function carriersOf(mark = ""): number[] {
  return pids().filter((pid) => carries(pid, mark));
}

function carries(pid: number, mark: string): boolean {
  const environment = read(`/proc/${pid}/environ`);
  return environment !== null && `\0${environment}`.includes(`\0${markVariable}=${mark}`);
}

/** Which process listens on a port of this machine; null where that isn't known. */
export function listenerOn(port: number): number | null {
  const sockets = new Set(
    ["tcp", "tcp6"].flatMap((table) => listening(port, read(`/proc/self/net/${table}`) ?? "")),
  );
  if (sockets.size === 0) return null;
  return pids().find((pid) => linksOf(pid).some((link) => sockets.has(link))) ?? null;
}

/**
 * The sockets that listen on a port, from a table such as /proc/net/tcp: address, state and inode are its second,
 * fourth and tenth field.
 */
function listening(port: number, table: string): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(local) === true && fields[3] === "0A")
    .map((fields) => `socket:[${fields[9]}]`);
}

function linksOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return entries(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return [];
    }
  });
}

const maxShownCharacters = 40;

/** `process 123 (node server.js)` */
export function describeProcess(pid: number): string {
  const words = (read(`/proc/${pid}/cmdline`) ?? "").split("\0").join(" ").trim();
  return `process ${pid} (${withoutSecrets(words).slice(0, maxShownCharacters)})`;
}

/** The process that listens on a port that should be free, and how it may have come there. */
export function occupantOf(port: number): string {
  const pid = listenerOn(port);
  if (pid === null) return "";
  if (!carries(pid, "")) return `: ${describeProcess(pid)}`;
  return `: ${describeProcess(pid)}, left over from another run; kill ${pid} ends it`;
}

function pids(): number[] {
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
