import * as z from "zod";
import { number, prose } from "./texts.ts";

const count = z.int().min(0);

/** Of a packet network: as `--network` has it. */
export const networkField: z.ZodOptional<z.ZodString> = prose.optional();

/** One direction of a packet network. Bytes are those of whole IP packets. */
const networkDirection = z.strictObject({
  /** What it was to do with each packet, at the end of the phase. */
  asked: z.strictObject({
    delayMs: number,
    /** Added to that on average, for a packet by itself. */
    jitterMs: number,
    /** The share that is lost in the long run, 0 to 1. */
    lossShare: number,
    /** The share that is held back while others overtake it, 0 to 1. */
    reorderShare: number,
    /** Null without a limit. */
    bitsPerSecond: number.nullable(),
    queueBytes: count,
    /** At the end of each period, counted from the start of the phase; null for never. */
    outages: z.strictObject({ everyMs: number, forMs: number }).nullable(),
  }),
  /** What it did, by its own books and by the kernel that sent into it. */
  done: z.strictObject({
    packets: count,
    bytes: count,
    forwarded: count,
    /** Lost as it was asked. */
    lost: count,
    /** Dropped since its queue was full. */
    overflowed: count,
    reordered: count,
    /** Of those forwarded, with their wait in the queue; null where none was. */
    meanDelayMs: number.nullable(),
    longestDelayMs: number,
    longestQueueBytes: count,
    /** How much later than due they left, which nobody asked for. */
    meanLateMs: number.nullable(),
    longestLateMs: number,
    /** Packets that the process between both ends didn't read in time. */
    unread: count,
    /** Segments of TCP that the sender sent again, for whatever reason. */
    retransmitted: count,
    /** Of these, the first ones of segments whose loss acknowledgements told. */
    fastRetransmitted: count,
    /** Retransmission timers that ran out. */
    timeouts: count,
    /** Sent to learn of losses sooner than by a timer. */
    lossProbes: count,
    /** Retransmissions that were lost themselves, as acknowledgements told. */
    lostRetransmissions: count,
  }),
});

/** What a packet network was to do in a phase, and did. */
export const networkSchema = z.strictObject({
  /** As it was asked for: see `--network`. */
  name: prose,
  down: networkDirection,
  up: networkDirection,
  /** Processor time of the process that every packet passes. */
  cpuMs: number,
});

const roundTrip = z.strictObject({ p50: number, p99: number });

/** What it does by itself, with everything switched off. */
export const packetCalibrationSchema = z.strictObject({
  /** Round trips of single datagrams of 64 bytes between a process at either end. */
  roundTripMs: roundTrip,
  /** The same over loopback: what the processes and the kernel take by themselves. */
  plainRoundTripMs: roundTrip,
  /** Full-size packets a second in one direction that arrived while one process sent as fast as it could. */
  packetsPerSecond: number,
  /** Packets that it sent and the process between both ends didn't read in time; 0 if the sender was the limit. */
  unread: count,
  /** Packets for each second of that process's processor time: what it could carry if it had a core for itself. */
  packetsPerCpuSecond: number,
});

export type PacketCalibration = z.infer<typeof packetCalibrationSchema>;
