import * as z from "zod";
import { histogram } from "./recorded-latency.ts";
import { number } from "./texts.ts";

// What a phase tells of a bad day.

const count = z.int().min(0);

/** Deliveries; all but the last two add up to those expected. */
export const ledger = z.strictObject({
  received: count,
  /** Sent before their client was back, and received after that. */
  replayed: count,
  /** Lost between servers: not handed to the bus, or not taken from it. Left out where one serves alone. */
  unsent: count.optional(),
  untaken: count.optional(),
  /** Lost, and due before their client noticed that its connection had ended. */
  inFlight: count,
  /** Lost, and due while their client was away. */
  missed: count,
  /** Lost, since the server's log didn't hold them any more. */
  overrun: count,
  /** Lost otherwise. */
  unaccounted: count,
  doubled: count,
  reordered: count,
});

/** One absence of one client: milliseconds from the start of the phase's messages. */
const lane = z.strictObject({
  client: count,
  awayMs: number,
  /** When it was subscribed again; null where it wasn't. */
  backMs: number.nullable(),
  /** When it had the last of what it had missed; null where it got nothing of that. */
  caughtUpMs: number.nullable(),
  replayed: count,
  /** Messages that came a second time. */
  doubled: count,
});

export const absences = z.strictObject({
  count,
  /** Those that weren't back when waiting for the last message ended. */
  lasting: count,
  dials: count,
  failedDials: count,
  /** From noticing until being subscribed again, or getting a message again. */
  untilSubscribed: histogram,
  untilReceiving: histogram,
  /** Of some clients, spread evenly over all. */
  lanes: z.array(lane).optional(),
  /** From the last restart's end of the server until each client was subscribed again for good. */
  untilBack: histogram.optional(),
  /** What clients did, in steps since the phase began; steps at the end in which nothing happened are left out. */
  course: z
    .strictObject({
      stepMs: number,
      dials: z.array(count),
      failed: z.array(count),
      back: z.array(count),
    })
    .optional(),
});

export const outboxes = z.strictObject({
  /** The most messages that one client kept. */
  mostKept: count,
  /** Messages that were sent once more. */
  sentAgain: count,
  /** Messages that the server took for new ones, and those that it had had before; null where it is the user's own. */
  taken: count.nullable(),
  repeated: count.nullable(),
  /** Returns after which not all that was kept then came back. */
  unacknowledged: count,
  /** From a client's return until it had. */
  untilAcknowledged: histogram,
});

/** One server process was ended, and another served in its place. */
export const restart = z.strictObject({
  /** When the first ended, since the phase began. */
  atMs: number,
  /** From then until clients could reach the other. */
  downMs: number,
  /** The other's processor time, without busy-waiting, in steps of 100 ms from about that moment until the phase's end. */
  cpuMs: z.array(number),
});

/** Clients that stopped reading for a while. */
export const stoppedReaders = z.strictObject({
  count,
  /** Those that lost their connection. */
  disconnected: count,
  /** From reading again until the first message that was sent after that. */
  caughtUp: histogram,
});

/** The server's memory, read every `stepMs` from the start of the phase on, and at its end; with garbage. */
export const memoryCourse = z.strictObject({
  stepMs: number,
  residentBytes: z.array(count),
  /** What JavaScript holds, in the heap and in buffers. */
  heapBytes: z.array(count),
});

export type Lane = z.infer<typeof lane>;
export type MemoryCourse = z.infer<typeof memoryCourse>;
