import { loopbackAddresses, receiveQueueBytes } from "../machine/kernel.ts";
import type { LinkTotals } from "../network/link.ts";
import type { Namespace } from "../network/namespace.ts";
import type { Network } from "../network/network.ts";
import type { LoadVerbs, PublisherVerbs, ServerVerbs } from "../processes/protocol.ts";
import { forkProcess } from "../processes/remote.ts";
import type { Remote } from "../processes/remote.ts";

/** The processes that a host can start, and what each can then be asked. */
export interface Entries {
  readonly server: ServerVerbs;
  readonly load: LoadVerbs;
  /** Stands in front of the user's own server, which it starts and ends: on the same machine as that. */
  readonly publisher: PublisherVerbs;
}

/**
 * Where processes of a trial run. So far that is this machine, outside or inside of a network namespace, and
 * three things rely on it: one monotonic clock for all, which `checkClock` checks of each process; processes
 * that stand by, which are started while this machine has nothing to measure; and the cost of a verb, which is
 * that of a message between two processes.
 */
export interface Host {
  /** `name` is for messages: `server`, `load 1`, … */
  start<Entry extends keyof Entries>(entry: Entry, name: string): Remote<Entries[Entry]>;
  /** Where a server there is to listen: at most `wanted` addresses, at least one. */
  serverAddresses(wanted: number): Promise<readonly string[]>;
  /**
   * What the kernel there has received from `port` for sockets that have not read it, in bytes; null where the
   * system doesn't report it. The host reads it and not the process whose sockets they are: one that is behind
   * answers only when it has read some of what waited, and so would hide what is looked for.
   */
  receiveQueueBytes(port: number): Promise<number | null>;
}

/** The two sides of a trial. */
export interface Hosts {
  readonly servers: Host;
  readonly clients: Host;
  /** Reads what has crossed the link between both so far; null where nothing counts it, as on loopback. */
  readonly link: (() => LinkTotals) | null;
}

/** This machine, on its loopback interface. */
export const thisMachine: Host = {
  start: (entry, name) => startProcess(entry, name, []),
  serverAddresses: loopbackAddresses,
  receiveQueueBytes: async (port) => receiveQueueBytes(process.pid, port),
};

/** Both sides on this machine's loopback interface, or each at its end of a network of the trial's own. */
export function hostsOf(network: Network | null): Hosts {
  if (network === null) return { servers: thisMachine, clients: thisMachine, link: null };
  const { server, client, serverAddresses } = network;
  return {
    servers: inNamespace(server, serverAddresses),
    clients: inNamespace(client, []),
    link: () => network.totals(),
  };
}

function inNamespace({ enter, pid }: Namespace, addresses: readonly string[]): Host {
  return {
    start: (entry, name) => startProcess(entry, name, enter),
    serverAddresses: async (wanted) => addresses.slice(0, wanted),
    receiveQueueBytes: async (port) => receiveQueueBytes(pid, port),
  };
}

function startProcess<Entry extends keyof Entries>(
  entry: Entry,
  name: string,
  enter: readonly string[],
): Remote<Entries[Entry]> {
  const endsOthers = entry === "publisher";
  return forkProcess<Entries[Entry]>(`bench/processes/${entry}`, name, { enter, endsOthers });
}
