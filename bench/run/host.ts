import { kernelMemoryBytes } from "../machine/kernel-memory.ts";
import { loopbackAddresses, receiveQueueBytes } from "../machine/kernel.ts";
import type { LinkTotals } from "../network/link.ts";
import type { Namespace } from "../network/namespace.ts";
import type { Network } from "../network/network.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { PacketNetwork } from "../packets/packet-network.ts";
import type {
  AskerVerbs,
  IntruderVerbs,
  LoadVerbs,
  NetworkVerbs,
  ProbeVerbs,
  ProgramVerbs,
  PublisherVerbs,
  ServerVerbs,
} from "../processes/protocol.ts";
import { forkProcess } from "../processes/remote.ts";
import type { Remote } from "../processes/remote.ts";
import type { HostClock, PlayedHost, Resources } from "../results/schema.ts";

/** The processes that a host can start, and the verbs of each. */
export interface Entries {
  readonly server: ServerVerbs;
  readonly load: LoadVerbs;
  /** Runs in front of the user's own server, on the same machine, and starts and ends it. */
  readonly publisher: PublisherVerbs;
  /** Between clients and server, on the server's machine. */
  readonly network: NetworkVerbs;
  /** On the clients' machine. */
  readonly intruders: IntruderVerbs;
  /** On the clients' machine. */
  readonly probe: ProbeVerbs;
  /** On the clients' machine. */
  readonly asker: AskerVerbs;
  /** Runs a program that servers need, on their machine. */
  readonly program: ProgramVerbs;
}

/**
 * A place where processes of a trial run. So far that is this machine, outside or inside of a network namespace.
 * Three things rely on that: all processes share one monotonic clock, which `checkClock` verifies; processes on
 * standby are started while this machine measures nothing; and a verb costs no more than a message between two
 * processes.
 */
export interface Host {
  /** `name` is for messages: `server`, `load 1`, … */
  start<Entry extends keyof Entries>(entry: Entry, name: string): Remote<Entries[Entry]>;
  /** The machine on which the process of this number is to run, where there are several. */
  at(index: number): Host;
  /** Addresses for a server there to listen on: at most `wanted`, at least one. */
  serverAddresses(wanted: number): Promise<readonly string[]>;
  /**
   * Bytes that the kernel there has received from these ports and that haven't been read; null where the system doesn't
   * report it. The host looks them up, and not the process that owns the sockets: if that is behind, it would answer
   * only after reading some of them.
   */
  receiveQueueBytes(ports: ReadonlySet<number>): Promise<number | null>;
  /** What the kernel there holds in objects and in the buffers of TCP, for everybody; null where it isn't reported. */
  kernelMemoryBytes(): Promise<number | null>;
}

/** The clocks of several machines, as those of one that counts. */
export interface HostClocks {
  /** Looks how far each is off, and corrects them. */
  agree(): Promise<void>;
  /** Looks how far each is off all the same. */
  look(): Promise<HostClock[]>;
}

/** What other programs take of the processors of several machines. */
export interface HostLoads {
  /** Begins with a phase. */
  begin(): Promise<void>;
  /** Since then, on the machine of the process that has waited longest for one; `known` are all of the trial. */
  othersCpuMs(known: readonly Resources[]): Promise<number | null>;
}

/** The two sides of a trial. */
export interface Hosts {
  readonly servers: Host;
  readonly clients: Host;
  /** Reads the counters of the link between both hosts; null where there are none, as on loopback. */
  readonly link: (() => LinkTotals) | null;
  /** Keeps the clocks of several machines together; null where there is one. */
  readonly clocks: HostClocks | null;
  /** Null where there is one machine. */
  readonly loads: HostLoads | null;
  /** Is disposed of with the end of the trial's processes, and ends whatever is left of them; null on this machine. */
  readonly attempt: AsyncDisposable | null;
  /** What is between both hosts where it misbehaves packet by packet. */
  readonly packets: PacketNetwork | null;
}

/** Where trials run that don't run on this machine. */
export interface Elsewhere {
  readonly hostsFor: (trial: PlannedTrial) => Promise<Hosts>;
  /** The hosts that had a part in a trial so far. */
  readonly played: () => readonly PlayedHost[];
}

/** This machine, on its loopback interface. */
export const thisMachine: Host = {
  start: (entry, name) => startProcess(entry, name, []),
  at: () => thisMachine,
  serverAddresses: loopbackAddresses,
  receiveQueueBytes: async (ports) => receiveQueueBytes(process.pid, ports),
  kernelMemoryBytes: async () => kernelMemoryBytes(),
};

/** Both sides on this machine's loopback interface, or each at its end of a network of the trial's own. */
export function hostsOf(network: Network | PacketNetwork | null): Hosts {
  if (network === null) {
    return {
      servers: thisMachine,
      clients: thisMachine,
      link: null,
      clocks: null,
      loads: null,
      attempt: null,
      packets: null,
    };
  }
  const { server, client, serverAddresses } = network;
  return {
    servers: inNamespace(server, serverAddresses),
    clients: inNamespace(client, []),
    link: () => network.totals(),
    clocks: null,
    loads: null,
    attempt: null,
    packets: network instanceof PacketNetwork ? network : null,
  };
}

function inNamespace({ enter, pid }: Namespace, addresses: readonly string[]): Host {
  const host: Host = {
    start: (entry, name) => startProcess(entry, name, enter),
    at: () => host,
    serverAddresses: async (wanted) => addresses.slice(0, wanted),
    receiveQueueBytes: async (ports) => receiveQueueBytes(pid, ports),
    // One kernel has them all.
    kernelMemoryBytes: async () => kernelMemoryBytes(),
  };
  return host;
}

function startProcess<Entry extends keyof Entries>(
  entry: Entry,
  name: string,
  enter: readonly string[],
): Remote<Entries[Entry]> {
  const endsOthers = entry === "publisher" || entry === "program";
  return forkProcess<Entries[Entry]>(`bench/processes/${entry}`, name, { enter, endsOthers });
}
