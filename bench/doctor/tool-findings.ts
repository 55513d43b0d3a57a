import type { Finding } from "./diagnosis.ts";
import type { Program, Tools } from "./tools.ts";

/** What can be done beyond measuring over loopback, and what it takes. */
export function toolFindings({ programs, namespaces, netem }: Tools): Finding[] {
  const found = (name: string): Program | null => programs[name] ?? null;
  return [
    namespaceFinding(namespaces),
    netemFinding(netem),
    programFinding("tcpdump", found("tcpdump"), "for checking byte counts against a capture"),
    programFinding("chromium", found("chromium"), "for browsers as clients"),
    programFinding("nginx", found("nginx"), "for a proxy between clients and server"),
    programFinding("redis-server", found("redis-server"), "for a broker between several servers"),
  ];
}

function namespaceFinding(namespaces: Tools["namespaces"]): Finding {
  const can = "as" in namespaces;
  const lacking = !can && namespaces.refused.startsWith("without ");
  return {
    key: "namespaces",
    title: "private networks",
    status: can ? "good" : "missing",
    found: can ? `can be made ${how[namespaces.as]}` : `can't be made: ${namespaces.refused}`,
    enables: "for segments and bytes below TCP; links that are slower or lossy",
    advice: can
      ? null
      : lacking
        ? "apt-get install iproute2 util-linux ethtool (Linux only)"
        : "run as root; or sysctl -w user.max_user_namespaces=10000 " +
          "kernel.apparmor_restrict_unprivileged_userns=0; docker run --cap-add SYS_ADMIN",
  };
}

const how = { root: "as root", rootless: "without root, by a user namespace" } as const;

function netemFinding(netem: Tools["netem"]): Finding {
  const statuses = { available: "good", missing: "missing" } as const;
  return {
    key: "netem",
    title: "netem",
    status: netem === null ? "unknown" : statuses[netem],
    found:
      netem === null
        ? "not tried: that takes tc and a private network"
        : netem === "available"
          ? "the kernel has it"
          : "the kernel doesn't have it",
    enables: "for links with a delay, a rate or loss of the kernel's own making",
    advice:
      netem === "available"
        ? null
        : netem === null
          ? "apt-get install iproute2, and what private networks take"
          : "modprobe sch_netem (Ubuntu: linux-modules-extra), or a kernel with CONFIG_NET_SCH_NETEM",
  };
}

function programFinding(
  key: "tcpdump" | "chromium" | "nginx" | "redis-server",
  program: Program | null,
  enables: string,
): Finding {
  return {
    key,
    title: key,
    status: program === null ? "missing" : "good",
    found:
      program === null
        ? "not on the PATH"
        : `${program.version ?? "of a version it doesn't tell"}, ${program.path}`,
    enables,
    advice: program === null ? `apt-get install ${key}` : null,
  };
}
