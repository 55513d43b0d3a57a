import { usageError } from "../errors/errors.ts";
import { addressOctets } from "../machine/address-octets.ts";
import { mtuBytes } from "../settings/network-profile.ts";
import { linkDevice, readLink } from "./link.ts";
import type { LinkTotals } from "./link.ts";
import { Namespace } from "./namespace.ts";
import { findTools, knowsIpv6, runTool } from "./network-tools.ts";
import type { ToolName, Tools } from "./network-tools.ts";

/** The range for benchmarks, RFC 2544: it can't be confused with a real network. */
const prefixLength = 15;
export const clientAddress = "198.19.0.1";

const macs = { server: "02:00:00:00:00:01", client: "02:00:00:00:00:02" } as const;

/** A private link between two network namespaces, the server's and the clients'. */
export class Network implements AsyncDisposable {
  readonly server: Namespace;
  readonly client: Namespace;
  /** Where the server is to listen. */
  readonly serverAddresses: readonly string[];

  /** Throws a `BenchError` that says what is missing. */
  static async open(addressesWanted: number): Promise<Network> {
    const { server, client, serverAddresses } = await openPair(addressesWanted, join);
    return new Network(server, client, serverAddresses);
  }

  private constructor(server: Namespace, client: Namespace, serverAddresses: readonly string[]) {
    this.server = server;
    this.client = client;
    this.serverAddresses = serverAddresses;
  }

  /** What has crossed the link so far. */
  totals(): LinkTotals {
    return readLink(this.server.pid, this.client.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.server[Symbol.asyncDispose](), this.client[Symbol.asyncDispose]()]);
  }
}

/** Two network namespaces that are joined, and the addresses of the server's. */
export interface Pair {
  readonly tools: Tools;
  readonly server: Namespace;
  readonly client: Namespace;
  readonly serverAddresses: readonly string[];
}

/** Makes two namespaces and has them joined, by a `joint` that is kept; or throws a `BenchError` that says why it can't, and leaves none. */
export async function openPair<Joint>(
  addressesWanted: number,
  join: (pair: Pair) => Promise<Joint>,
  needed?: readonly ToolName[],
): Promise<Pair & { readonly joint: Joint }> {
  const tools = findTools(process.env["PATH"] ?? "", process.platform, undefined, needed);
  const server = await Namespace.make(tools).catch((error: unknown) => {
    const advice = "run as root, or allow user namespaces";
    throw usageError(`not permitted to create namespaces (${reason(error)}); ${advice}`);
  });
  let client: Namespace | undefined;
  try {
    client = await server.beside();
    const addresses = addressOctets(addressesWanted).map((last) => `198.18.${last}`);
    const pair = { tools, server, client, serverAddresses: addresses };
    return { ...pair, joint: await join(pair) };
  } catch (error) {
    await client?.[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    throw usageError(`can't connect two network namespaces (${reason(error)})`);
  }
}

/** Runs commands of `ip` in a namespace. */
export function ip(tools: Tools, { enter }: Namespace, lines: readonly string[]): Promise<void> {
  return runTool([...enter, tools.ip, "-batch", "-"], `${lines.join("\n")}\n`);
}

/** What puts the link's device into operation; IPv6, which would introduce itself there, gets no address. */
export function bringUp(addresses: readonly string[]): string[] {
  const own = addresses.map(
    (address) => `address add ${address}/${prefixLength} dev ${linkDevice}`,
  );
  const quiet = knowsIpv6() ? [`link set dev ${linkDevice} addrgenmode none`] : [];
  return [...quiet, ...own, "link set dev lo up", `link set dev ${linkDevice} up`];
}

/**
 * Joins two namespaces by a veth pair on which nothing but the TCP of our processes moves: neighbours are
 * known beforehand, so there is no ARP.
 */
async function join({ tools, server, client, serverAddresses }: Pair): Promise<void> {
  const end = (mac: string): string => `name ${linkDevice} address ${mac} mtu ${mtuBytes}`;
  const knows = (addresses: readonly string[], mac: string): string[] =>
    addresses.map(
      (address) => `neighbour add ${address} lladdr ${mac} dev ${linkDevice} nud permanent`,
    );
  await ip(tools, server, [
    `link add ${end(macs.server)} type veth peer ${end(macs.client)} netns ${client.pid}`,
    ...bringUp(serverAddresses),
    ...knows([clientAddress], macs.client),
  ]);
  await ip(tools, client, [...bringUp([clientAddress]), ...knows(serverAddresses, macs.server)]);
  // With these on, what crosses the link, and is counted there, is larger than any real segment.
  const off = ["-K", linkDevice, "tso", "off", "gso", "off", "gro", "off"];
  await Promise.all(
    [server, client].map(({ enter }) => runTool([...enter, tools.ethtool, ...off])),
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
