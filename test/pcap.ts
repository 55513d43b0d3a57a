/*
 * Reads what tcpdump writes (the "pcap" format, draft-ietf-opsawg-pcap): a file header of 24 bytes, then
 * each frame as it stood on the Ethernet, after 16 bytes that say when it passed and how long it is. All
 * lengths come from IP's and TCP's own headers, since only the beginning of a frame is kept.
 */

/** One IPv4 packet that crossed the link, and the TCP segment in it. */
export interface Packet {
  /** 6 is TCP, 17 is UDP; null for what isn't IPv4. */
  readonly protocol: number | null;
  readonly from: string;
  /** Both ends with their ports. */
  readonly flow: string;
  readonly ipBytes: number;
  readonly sequence: number;
  readonly payloadBytes: number;
  /** Whether it has one of the flags SYN, FIN and RST. */
  readonly controls: boolean;
}

const littleEndianMicroseconds = 0xa1_b2_c3_d4;
const fileHeaderBytes = 24;
const frameHeaderBytes = 16;
const ethernetHeaderBytes = 14;
const ipv4 = 0x08_00;
const tcp = 6;

/** FIN, SYN and RST. */
const controlFlags = 0b111;

/** The packets that are complete in what has been written so far. */
export function packetsOf(written: Buffer): Packet[] {
  if (written.length < fileHeaderBytes) return [];
  const magic = written.readUInt32LE(0);
  if (magic !== littleEndianMicroseconds) throw new Error(`no pcap file: ${magic.toString(16)}`);
  const packets: Packet[] = [];
  let at = fileHeaderBytes;
  while (at + frameHeaderBytes <= written.length) {
    const start = at + frameHeaderBytes;
    const end = start + written.readUInt32LE(at + 8);
    if (end > written.length) break;
    packets.push(packetOf(written.subarray(start, end)));
    at = end;
  }
  return packets;
}

function packetOf(frame: Buffer): Packet {
  const nothing = { from: "", flow: "", ipBytes: 0, sequence: 0, payloadBytes: 0, controls: false };
  if (frame.readUInt16BE(12) !== ipv4) return { ...nothing, protocol: null };
  const ip = frame.subarray(ethernetHeaderBytes);
  const ipHeaderBytes = 4 * (ip.readUInt8(0) & 0x0f);
  const ipBytes = ip.readUInt16BE(2);
  const protocol = ip.readUInt8(9);
  const from = [...ip.subarray(12, 16)].join(".");
  if (protocol !== tcp) return { ...nothing, protocol, from, ipBytes };
  const segment = ip.subarray(ipHeaderBytes);
  const tcpHeaderBytes = 4 * (segment.readUInt8(12) >> 4);
  const to = [...ip.subarray(16, 20)].join(".");
  return {
    protocol,
    from,
    flow: `${from}:${segment.readUInt16BE(0)} to ${to}:${segment.readUInt16BE(2)}`,
    ipBytes,
    sequence: segment.readUInt32BE(4),
    payloadBytes: ipBytes - ipHeaderBytes - tcpHeaderBytes,
    controls: (segment.readUInt8(13) & controlFlags) !== 0,
  };
}
