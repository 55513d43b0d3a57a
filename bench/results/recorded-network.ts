import * as z from "zod";
import { notPlayed } from "./not-played.ts";
import { number, prose } from "./texts.ts";

const count = z.int().min(0);

/** As `--network` has it. */
export const networkField: z.ZodOptional<z.ZodString> = prose.optional();

const outages = z.strictObject({ everyMs: number, forMs: number }).nullable();

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
    outages,
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

/** One direction of what a relay passes on. Bytes are those of TCP connections. */
const relayDirection = z.strictObject({
  asked: z.strictObject({
    delayMs: number,
    /** Added to that on average. */
    jitterMs: number,
    /** Of all connections together; null without a limit. */
    bitsPerSecond: number.nullable(),
    /** At the end of each period, counted from the start of the phase; null for never. */
    outages,
    /** Bytes that are held back until there are so many, or the first has waited for so long; null for none. */
    hold: z.strictObject({ bytes: count, forMs: number }).nullable(),
    /** The most bytes that are passed on at once; null for as many as there are. */
    sliceBytes: count.nullable(),
    /** A connection is ended in which nothing has come for so long; null for never. */
    idleTimeoutMs: number.nullable(),
  }),
  /** What it did, by its own books. */
  done: z.strictObject({
    bytes: count,
    /** What was read at once, or as it is held back and sliced. */
    pieces: count,
    /** Of a piece, from when the first of it was read until it was written; null where there was none. */
    meanDelayMs: number.nullable(),
    longestDelayMs: number,
    /** How much later than due they were written, which nobody asked for. */
    meanLateMs: number.nullable(),
    longestLateMs: number,
  }),
});

/** What a relay was to do with TCP connections in a phase, and did. */
export const relaySchema = z.strictObject({
  /** As it was asked for: see `--network`. */
  name: prose,
  /** What the network of that name does to packets, and a relay can't do: packet loss, and a queue that drops. */
  notPlayed: z.array(z.enum(notPlayed)),
  down: relayDirection,
  up: relayDirection,
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
