import { readFileSync } from "node:fs";
import { counters, deviceSent, linkDevice } from "../network/link.ts";
import type { DirectionBooks } from "./direction.ts";
import type { Books } from "./relay.ts";

/** What the kernel of one end counts, since its namespace exists. */
export interface KernelCounts {
  /** TCP segments sent again, for whatever reason. */
  readonly retransmitted: number;
  /** Of these, the first ones of segments that acknowledgements told the loss of. */
  readonly fastRetransmitted: number;
  /** Retransmission timers that ran out, for want of any answer. */
  readonly timeouts: number;
  /** Sent when an acknowledgement was overdue, to learn of losses sooner than by a timer (RFC 8985, section 7). */
  readonly lossProbes: number;
  /** Retransmissions that were lost themselves, as acknowledgements told. */
  readonly lostRetransmissions: number;
  /** Packets that the relay didn't read in time: these the network lost unasked. */
  readonly unread: number;
}

/** What a direction did, with what the kernel counts that sends into it: the server's for `down`. */
export type DirectionDone = DirectionBooks & KernelCounts;

/** What a packet network did so far: by its own books, and as the kernels of both ends saw it. */
export interface Done extends Pick<Books, "atNs" | "cpuMs"> {
  readonly down: DirectionDone;
  readonly up: DirectionDone;
}

/** Reads the counters of a namespace by a process in it. */
export function kernelCounts(pid: number): KernelCounts {
  const read = (name: string): string => readFileSync(`/proc/${pid}/net/${name}`, "utf8");
  const more = counters(read("netstat"), "TcpExt");
  return {
    retransmitted: counters(read("snmp"), "Tcp")("RetransSegs"),
    fastRetransmitted: more("TCPFastRetrans"),
    timeouts: more("TCPTimeouts"),
    lossProbes: more("TCPLossProbes"),
    lostRetransmissions: more("TCPLostRetransmit"),
    unread: deviceSent(read("dev"), linkDevice).dropped,
  };
}

/** What it did between two readings; what is longest is so since `PacketNetwork.begin`. */
export function doneBetween(from: Done, to: Done): Omit<Done, "atNs"> & { readonly ms: number } {
  return {
    down: directionBetween(from.down, to.down),
    up: directionBetween(from.up, to.up),
    cpuMs: to.cpuMs - from.cpuMs,
    ms: (to.atNs - from.atNs) / 1e6,
  };
}

function directionBetween(from: DirectionDone, to: DirectionDone): DirectionDone {
  return {
    packetsIn: to.packetsIn - from.packetsIn,
    bytesIn: to.bytesIn - from.bytesIn,
    packetsOut: to.packetsOut - from.packetsOut,
    bytesOut: to.bytesOut - from.bytesOut,
    lost: to.lost - from.lost,
    overflowed: to.overflowed - from.overflowed,
    reordered: to.reordered - from.reordered,
    longestQueueBytes: to.longestQueueBytes,
    delayMs: to.delayMs - from.delayMs,
    longestDelayMs: to.longestDelayMs,
    lateMs: to.lateMs - from.lateMs,
    longestLateMs: to.longestLateMs,
    retransmitted: to.retransmitted - from.retransmitted,
    fastRetransmitted: to.fastRetransmitted - from.fastRetransmitted,
    timeouts: to.timeouts - from.timeouts,
    lossProbes: to.lossProbes - from.lossProbes,
    lostRetransmissions: to.lostRetransmissions - from.lostRetransmissions,
    unread: to.unread - from.unread,
  };
}
