import { whole } from "../text/format.ts";
import { clientsPerAddress } from "../run/serving.ts";
import { backlog } from "../measure/listen.ts";
import { bytes } from "./capacity.ts";
import type { Finding, Status } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

// What facts mean for the number of connections.

/** Enough descriptors for the connections of the largest profile, with a margin. */
const enoughFiles = 4_200;

/** Beside the three processes, what a few thousand connections take. */
const enoughBytes = 2 ** 30;

export function connectionFindings(facts: Facts): Finding[] {
  return [descriptors(facts), ports(facts), acceptBacklog(facts), memory(facts)];
}

function descriptors({ openFilesLimit: soft, openFilesHardLimit: hard }: Facts): Finding {
  const status: Status =
    soft === null ? "unknown" : soft >= enoughFiles ? "good" : soft >= 256 ? "limited" : "bad";
  const most = hard === null ? "" : ` (hard limit ${whole(hard)})`;
  return {
    key: "descriptors",
    title: "open files",
    status,
    found: soft === null ? notReported : `${whole(soft)} for each process${most}`,
    enables: "a process needs one for each connection",
    advice:
      status === "limited" || status === "bad"
        ? "ulimit -n 1048576 as root, LimitNOFILE=1048576 (systemd), docker run --ulimit nofile=1048576"
        : null,
  };
}

function ports({ portRange }: Facts): Finding {
  const [first, last] = portRange ?? [0, 0];
  const few = last - first + 1 < clientsPerAddress;
  return {
    key: "ports",
    title: "client ports",
    status: portRange === null ? "unknown" : few ? "limited" : "good",
    found: portRange === null ? notReported : `${whole(last - first + 1)} (${first}-${last})`,
    enables: "each address of the server can have that many connections",
    advice:
      portRange !== null && few ? `sysctl -w net.ipv4.ip_local_port_range="15000 65000"` : null,
  };
}

function acceptBacklog({ acceptBacklog: most }: Facts): Finding {
  const short = most !== null && most < backlog;
  return {
    key: "backlog",
    title: "accept backlog",
    status: most === null ? "unknown" : short ? "limited" : "good",
    found: most === null ? notReported : `${whole(most)} (the harness asks for ${whole(backlog)})`,
    enables: short
      ? "when many clients connect at once, some wait a second or more"
      : "many clients can connect at once",
    advice: short ? `sysctl -w net.core.somaxconn=${backlog}` : null,
  };
}

function memory({ availableBytes, cgroup }: Facts): Finding {
  const limit = cgroup?.memoryBytes ?? null;
  const enough = availableBytes >= enoughBytes;
  return {
    key: "memory",
    title: "memory",
    status: enough ? "good" : availableBytes >= enoughBytes / 2 ? "limited" : "bad",
    found: `${bytes(availableBytes)} available${limit === null ? "" : `, with a limit of ${bytes(limit)}`}`,
    enables: "it has to hold both ends of every connection",
    advice: enough ? null : "stop other programs, or raise the limit (docker run --memory)",
  };
}

const notReported = "not reported by this system";
