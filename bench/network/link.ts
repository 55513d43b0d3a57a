import { setTimeout } from "node:timers/promises";
import { readFileSync } from "node:fs";
import type { Link } from "../results/schema.ts";
import { nowNs } from "../measure/clock.ts";

/** The name of the link's device at both ends. */
export const linkDevice = "wire";

/** Ethernet's header, which a veth device counts; its preamble, checksum and gap it doesn't. */
const ethernetHeaderBytes = 14;

/** What one end of the link has sent so far. */
export interface SentPackets {
  readonly ipBytes: number;
  readonly segments: number;
  readonly acknowledgements: number;
  readonly retransmitted: number;
}

/** What has crossed the link so far; `down` is server to client. */
export interface LinkTotals {
  readonly down: SentPackets;
  readonly up: SentPackets;
}

/** Reads the counters of two namespaces by a process in each; `headerBytes` is what their devices count beside IP. */
export function readLink(
  serverPid: number,
  clientPid: number,
  headerBytes: number = ethernetHeaderBytes,
): LinkTotals {
  const sentBy = (pid: number): SentPackets => {
    const read = (name: string): string => readFileSync(`/proc/${pid}/net/${name}`, "utf8");
    return parseSent(read("dev"), read("snmp"), read("netstat"), headerBytes);
  };
  return { down: sentBy(serverPid), up: sentBy(clientPid) };
}

/**
 * What a namespace has sent, from its `/proc/net/dev`, `snmp` and `netstat`.
 *
 * Acknowledgements are the segments that carry nothing else. No counter has them, but all others are
 * counted: data and FIN, SYN of either side, RST. `OutSegs` leaves retransmitted data out.
 */
export function parseSent(
  dev: string,
  snmp: string,
  netstat: string,
  headerBytes: number = ethernetHeaderBytes,
): SentPackets {
  const device = deviceSent(dev, linkDevice);
  const tcp = counters(snmp, "Tcp");
  const more = counters(netstat, "TcpExt");
  const synchronising = tcp("ActiveOpens") + tcp("PassiveOpens");
  return {
    ipBytes: device.bytes - headerBytes * device.packets,
    segments: device.packets,
    acknowledgements: tcp("OutSegs") - more("TCPOrigDataSent") - synchronising - tcp("OutRsts"),
    retransmitted: tcp("RetransSegs"),
  };
}

/** What a device has transmitted, and dropped instead: from the ninth number of its line on. */
export function deviceSent(
  dev: string,
  name: string,
): { bytes: number; packets: number; dropped: number } {
  const line = dev.split("\n").find((candidate) => candidate.trim().startsWith(`${name}:`));
  const numbers =
    line
      ?.slice(line.indexOf(":") + 1)
      .trim()
      .split(/\s+/) ?? [];
  const [bytes, packets, , dropped] = numbers.slice(8).map(Number);
  if (bytes === undefined || packets === undefined || dropped === undefined) {
    throw new Error(`no device called ${name}`);
  }
  return { bytes, packets, dropped };
}

/** The counters of one group, such as `Tcp`: a line of names and below it a line of values. */
export function counters(table: string, group: string): (name: string) => number {
  const [names = [], values = []] = table
    .split("\n")
    .filter((line) => line.startsWith(`${group}: `))
    .map((line) => line.split(" "));
  return (name) => {
    const value = values[names.indexOf(name)];
    if (value === undefined) throw new Error(`this kernel doesn't count ${group} ${name}`);
    return Number(value);
  };
}

/** What crossed the link between two readings. */
export function diffLinkTotals(from: LinkTotals, to: LinkTotals): Link {
  const both = (key: keyof SentPackets): { down: number; up: number } => ({
    down: to.down[key] - from.down[key],
    up: to.up[key] - from.up[key],
  });
  return {
    ipBytes: both("ipBytes"),
    segments: both("segments"),
    acknowledgements: both("acknowledgements"),
    retransmitted: both("retransmitted"),
  };
}

/** Linux holds an acknowledgement back for up to 40 ms and a tick, in the hope of sending it with data. */
const quietMs = 60;

/** Periodic traffic, such as heartbeats, is waited for no longer than this. */
const timeoutMs = 200;

const readEveryMs = 5;

/** Resolves when nothing has crossed the link for so long that the last acknowledgement must have. */
export async function linkQuiet(read: () => LinkTotals): Promise<void> {
  const crossed = (): number => {
    const { down, up } = read();
    return down.segments + up.segments;
  };
  const detector = new QuiescenceDetector(nowNs(), crossed());
  do await setTimeout(readEveryMs);
  while (!detector.isOver(nowNs(), crossed()));
}

/** Decides, from successive counts of segments, when a link has been quiet for long enough. */
export class QuiescenceDetector {
  readonly #startNs: number;
  #sinceNs: number;
  #segments: number;

  constructor(nowNs: number, segments: number) {
    this.#startNs = nowNs;
    this.#sinceNs = nowNs;
    this.#segments = segments;
  }

  isOver(nowNs: number, segments: number): boolean {
    if (segments !== this.#segments) this.#sinceNs = nowNs;
    this.#segments = segments;
    return nowNs - this.#sinceNs >= quietMs * 1e6 || nowNs - this.#startNs >= timeoutMs * 1e6;
  }
}
