import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { whyNoBrowser } from "../bench/machine/browser-files.ts";
import { browserNames } from "../transports/browser-names.ts";

/** Something that a test needs beyond Node and npm. */
export interface Requirement {
  readonly what: string;
  readonly isMet: () => boolean;
  /** Whether it can be missing where everything is installed, since a machine or its container has it or not. */
  readonly isOfTheMachine?: true;
}

/** Linux tells about processes and sockets under /proc. */
export const procFiles: Requirement = {
  what: "/proc",
  isMet: () => existsSync("/proc/self/task"),
};

/** The commands that a document shows. */
export const curl: Requirement = {
  what: "curl",
  isMet: () => succeeds("curl", ["--version"]),
};

/** What carries messages between servers. */
export const brokers: Requirement = {
  what: "redis-server, nats-server",
  isMet: () => succeeds("redis-server", ["--version"]) && succeeds("nats-server", ["--version"]),
};

/** What stands in front of servers. */
export const balancers: Requirement = {
  what: "nginx, haproxy",
  isMet: () => succeeds("/usr/sbin/nginx", ["-v"]) && succeeds("/usr/sbin/haproxy", ["-v"]),
};

/** One more of these, which isn't in front of several. */
export const caddy: Requirement = {
  what: "caddy",
  isMet: () => succeeds("/usr/bin/caddy", ["version"]),
};

/** Those in which clients can live. */
export const bothBrowsers: Requirement = {
  what: "chromium, firefox-esr",
  isMet: () => browserNames.every((name) => whyNoBrowser(name) === null),
};

/** For the example in that language. */
export const python: Requirement = {
  what: "python3",
  isMet: () => succeeds("python3", ["--version"]),
};

/** What checks units of systemd. */
export const systemd: Requirement = {
  what: "systemd-analyze",
  isMet: () => succeeds("systemd-analyze", ["--version"]),
};

/** Namespaces of our own, as root or through a user namespace. */
export const namespaces: Requirement = {
  what: "unshare, ip, and the right to make namespaces",
  isMet: () => succeeds("unshare", ["--mount", "--net", "ip", "link", "set", "lo", "up"]),
};

/** Clocks that are ahead of this machine's, as those of others are. */
export const timeNamespaces: Requirement = {
  what: "unshare, and the right to make time namespaces",
  isMet: () => succeeds("unshare", ["--time", "--monotonic", "1", "--fork", "true"]),
};

/** What `--netns` needs. */
export const privateNetwork: Requirement = {
  what: "ip, ethtool, nsenter, unshare, and the right to make namespaces",
  isMet: () => namespaces.isMet() && succeeds("ethtool", ["--version"]),
};

/** What carries packets through a process of ours. */
export const packetNetwork: Requirement = {
  what: "ip, nsenter, unshare, the right to make namespaces, and /dev/net/tun",
  isMet: () => existsSync("/dev/net/tun") && namespaces.isMet(),
  isOfTheMachine: true,
};

/**
 * Runs what is appended as a user who may do nothing special. It is still root by name, so that the files
 * of this project can be read wherever they are; `setfcap` is what the kernel then asks for, and for no
 * other name, to be root of a user namespace.
 */
export const unprivileged: readonly string[] = ["setpriv", "--bounding-set=-all,+setfcap", "--"];

/** Namespaces for a user who may do nothing special. */
export const userNamespaces: Requirement = {
  what: "setpriv, and the right of any user to make user namespaces",
  isMet: () =>
    succeeds("setpriv", [...unprivileged.slice(1), "unshare", "--user", "--map-root-user", "true"]),
};

/** The truth about what crosses a network. */
export const packetCapture: Requirement = {
  what: "tcpdump",
  isMet: () => succeeds("tcpdump", ["--version"]),
};

/** A terminal for a program that has none. */
export const pseudoTerminal: Requirement = {
  what: "script",
  isMet: () => succeeds("script", ["-qec", "true", "/dev/null"]),
};

/** A server in C, of Debian's packages. */
export const nchan: Requirement = {
  what: "nginx and libnginx-mod-nchan",
  isMet: () =>
    existsSync("/usr/lib/nginx/modules/ngx_nchan_module.so") && succeeds("/usr/sbin/nginx", ["-v"]),
};

/**
 * Whether a test must be skipped, with the reason printed. Where `.ci/run` has installed what tests need,
 * nothing may be skipped.
 */
export function isMissing({ what, isMet, isOfTheMachine }: Requirement): boolean {
  if (isMet()) return false;
  const reason = `a test is skipped: it needs ${what}`;
  const mustBeMet = process.env["TRANSPORT_BENCH_REQUIREMENTS"] === "installed";
  if (mustBeMet && isOfTheMachine !== true) throw new Error(reason);
  console.warn(reason);
  return true;
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
