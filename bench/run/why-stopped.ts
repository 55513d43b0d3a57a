import type { Stopped } from "../../scenarios/scenario.ts";
import { hungUp, isSystemError } from "../processes/dial-all.ts";
import { kernelLimits, usedUp } from "../machine/kernel-limits.ts";
import type { KernelLimit } from "../machine/kernel-limits.ts";
import { whole } from "../text/format.ts";
import type { Servers } from "./servers.ts";

/** Which side stopped the next connection, and why; `cause` is named as by `causeOf`. */
export async function whyStopped(
  cause: string,
  servers: Servers,
  isOwn: boolean,
): Promise<Stopped> {
  // A server without descriptors accepts and hangs up without a word; it has to be asked.
  const descriptors = await servers.ask((server) => server.call("descriptors", {}));
  const full = descriptors.find(({ exhausted }) => exhausted);
  if (full === undefined) return byKernel(cause, kernelLimits()) ?? stoppedBy(cause);
  const files = full.limit === null ? "" : ` of ${full.limit}`;
  return {
    side: "server",
    cause: "EMFILE",
    explanation: `the server process has used up its file descriptors${files}${isOwn ? more(servers.count) : ""}`,
  };
}

function more(servers: number): string {
  return `; raise ulimit -n, or share clients among more than ${servers} by --servers`;
}

/** Those that the kernel answers with as it runs out of something; it drops packets, too, and dials take forever. */
const kernelCauses: ReadonlySet<string> = new Set([
  "ENFILE",
  "ENOBUFS",
  "ENOMEM",
  "EAGAIN",
  "ETIMEDOUT",
  "ECONNABORTED",
  hungUp,
]);

/** The machine's limit that is behind a cause; null where none of them is used up. */
export function byKernel(cause: string, limits: readonly KernelLimit[]): Stopped | null {
  const limit = kernelCauses.has(cause) ? usedUp(limits) : undefined;
  if (limit === undefined) return null;
  const { name, used, most, setting } = limit;
  return {
    // Neither server's nor clients' doing: with another machine there would be more.
    side: "client",
    cause,
    explanation: `the machine is at its limit of ${name}: ${whole(used)} of ${whole(most)}; ${setting}`,
  };
}

/** What is known by the cause alone. */
export function stoppedBy(cause: string): Stopped {
  return { ...(causes[cause] ?? otherCause(cause)), cause };
}

const causes: Readonly<Record<string, Omit<Stopped, "cause">>> = {
  EMFILE: { side: "client", explanation: "the load processes have used up their file descriptors" },
  ENFILE: {
    side: "client",
    explanation: "the host has used up its file descriptors (fs.file-max)",
  },
  EADDRNOTAVAIL: {
    side: "client",
    explanation:
      "no ephemeral port is left for the server's address (net.ipv4.ip_local_port_range)",
  },
  ENOBUFS: { side: "client", explanation: "the kernel has no memory left for sockets" },
  ECONNREFUSED: { side: "server", explanation: "nothing listens on the server's port any more" },
  ETIMEDOUT: {
    side: "server",
    explanation: "the server took longer than 10 s to accept and answer",
  },
  [hungUp]: { side: "server", explanation: "the server ended the connection before saying hello" },
};

function otherCause(cause: string): Omit<Stopped, "cause"> {
  if (isSystemError(cause))
    return { side: "client", explanation: `connecting failed with ${cause}` };
  // A limit or an end, which no answer is.
  if (cause.startsWith("the server ")) return { side: "server", explanation: cause };
  return { side: "server", explanation: `the server answered with something unexpected: ${cause}` };
}
