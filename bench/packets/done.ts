import { readFileSync } from "node:fs";
import { counters, deviceSent, linkDevice } from "../network/link.ts";
import type { DirectionBooks } from "./direction.ts";
import type { Books } from "./relay.ts";

/** What the kernel of one end counts, since its namespace exists. */
export interface KernelCounts {
  /** TCP segments sent again, for whatever reason. */
  readonly retransmitted: number;
  /** Retransmissions for want of any answer, rather than since an acknowledgement told of a loss. */
  readonly timeouts: number;
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
  return {
    retransmitted: counters(read("snmp"), "Tcp")("RetransSegs"),
    timeouts: counters(read("netstat"), "TcpExt")("TCPTimeouts"),
    unread: deviceSent(read("dev"), linkDevice).dropped,
  };
}

/** What it did between two readings; what is longest is so since the network exists. */
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
    lateMs: to.lateMs - from.lateMs,
    longestLateMs: to.longestLateMs,
    retransmitted: to.retransmitted - from.retransmitted,
    timeouts: to.timeouts - from.timeouts,
    unread: to.unread - from.unread,
  };
}
