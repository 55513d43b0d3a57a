import { usageError } from "../errors/errors.ts";
import { linkDevice, readLink } from "./link.ts";
import type { LinkTotals } from "./link.ts";
import { Namespace } from "./namespace.ts";
import { findTools, knowsIpv6, runTool } from "./network-tools.ts";
import type { Tools } from "./network-tools.ts";

/** The range for benchmarks, RFC 2544: it can't be confused with a real network. */
const prefixLength = 15;
const clientAddress = "198.19.0.1";
const serverAddress = (index: number): string => `198.18.0.${index + 1}`;

const macs = { server: "02:00:00:00:00:01", client: "02:00:00:00:00:02" } as const;

/** Ethernet's usual one, so that segments are as large as on most real paths. */
const mtuBytes = 1_500;

/** A private link between two network namespaces, the server's and the clients'. */
export class Network implements AsyncDisposable {
  readonly server: Namespace;
  readonly client: Namespace;
  /** Where the server is to listen. */
  readonly serverAddresses: readonly string[];

  /** Throws a `BenchError` that says what is missing. */
  static async open(addressesWanted: number): Promise<Network> {
    const tools = findTools(process.env["PATH"] ?? "", process.platform);
    const server = await Namespace.make(tools).catch((error: unknown) => {
      const advice = "run as root, or allow user namespaces";
      throw usageError(`not permitted to create namespaces (${reason(error)}); ${advice}`);
    });
    let client: Namespace | undefined;
    try {
      client = await server.beside();
      const addresses = Array.from({ length: addressesWanted }, (_, index) => serverAddress(index));
      await join(tools, server, client, addresses);
      return new Network(server, client, addresses);
    } catch (error) {
      await client?.[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      throw usageError(`can't connect two network namespaces (${reason(error)})`);
    }
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

/**
 * Joins two namespaces by a veth pair on which nothing but the TCP of our processes moves: neighbours are
 * known beforehand, so there is no ARP, and IPv6, which would introduce itself, has no address.
 */
async function join(
  tools: Tools,
  server: Namespace,
  client: Namespace,
  serverAddresses: readonly string[],
): Promise<void> {
  const end = (mac: string): string => `name ${linkDevice} address ${mac} mtu ${mtuBytes}`;
  const own = (addresses: readonly string[]): string[] =>
    addresses.map((address) => `address add ${address}/${prefixLength} dev ${linkDevice}`);
  const knows = (addresses: readonly string[], mac: string): string[] =>
    addresses.map(
      (address) => `neighbour add ${address} lladdr ${mac} dev ${linkDevice} nud permanent`,
    );
  const quiet = knowsIpv6() ? [`link set dev ${linkDevice} addrgenmode none`] : [];
  const up = ["link set dev lo up", `link set dev ${linkDevice} up`];

  const ip = (namespace: Namespace, lines: readonly string[]): Promise<void> =>
    runTool([...namespace.enter, tools.ip, "-batch", "-"], `${lines.join("\n")}\n`);
  await ip(server, [
    `link add ${end(macs.server)} type veth peer ${end(macs.client)} netns ${client.pid}`,
    ...quiet,
    ...own(serverAddresses),
    ...up,
    ...knows([clientAddress], macs.client),
  ]);
  await ip(client, [
    ...quiet,
    ...own([clientAddress]),
    ...up,
    ...knows(serverAddresses, macs.server),
  ]);
  // With these on, what crosses the link, and is counted there, is larger than any real segment.
  const off = ["-K", linkDevice, "tso", "off", "gso", "off", "gro", "off"];
  await Promise.all(
    [server, client].map(({ enter }) => runTool([...enter, tools.ethtool, ...off])),
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
