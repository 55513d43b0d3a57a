import * as z from "zod";
import { factsOf, numberedParts, ofEach, perPart } from "../../transports/wire-parts.ts";
import type { WirePart, WirePartFacts } from "../../transports/wire-parts.ts";
import { misfortuneFields } from "./recorded-misfortune.ts";
import { recordedConfigSchema, precisionSchema } from "./recorded-config.ts";
import { intrudersSchema } from "./recorded-intruders.ts";
import { networkField, networkSchema, packetCalibrationSchema } from "./recorded-network.ts";
import { payloadFields } from "./recorded-payload.ts";
import { moment, name, number, prose } from "./texts.ts";
import { warningCodes } from "./warnings.ts";

/*
 * results.json: the only seam between measuring and presenting. Everything in it is plain data; times
 * are nanoseconds or milliseconds by their names, sizes are bytes, and what couldn't be read is null.
 */

export const resultsFormat = "transport-bench results";
export const schemaVersion = 5;

const count = z.int().min(0);
const text = z.string();

/** `down` is server to client. TCP payload: all that crossed the connections, without TCP's own headers. */
const bytes = z.strictObject({ down: number, up: number });

const histogram = z.strictObject({
  count,
  minNs: number.nullable(),
  maxNs: number.nullable(),
  meanNs: number.nullable(),
  /** Values above the range, kept as its end. */
  clamped: count,
  /** Values below zero, which only a broken clock gives; not among `count`. */
  negative: count,
  /** HdrHistogram V2, compressed, base64; nanoseconds, three significant digits. */
  encoded: text,
});

/**
 * All that crossed a network of the trial's own, with the headers of TCP and IP. Unlike all else in a
 * phase it goes on, where nothing polls on a grid, until acknowledgements that are held back have come.
 */
const link = z.strictObject({
  /** Bytes of whole IP packets, without Ethernet's headers. */
  ipBytes: bytes,
  segments: bytes,
  /** Segments that carry nothing else: no data, SYN, FIN or RST. */
  acknowledgements: bytes,
  /** Segments that were sent again. */
  retransmitted: bytes,
});

/** A part's bytes; results from before it was told apart have none. */
export function partSchema({ isLater }: WirePartFacts): z.ZodType<z.infer<typeof bytes>> {
  return isLater === true ? bytes.default({ down: 0, up: 0 }) : bytes;
}

function bytesOf(part: WirePart): z.ZodType<z.infer<typeof bytes>> {
  return partSchema(factsOf(part));
}

const wire = z.strictObject({
  total: bytes,
  /**
   * The parts add up to `total`. `deliveries` includes the payloads. A request counts together with its answer, and a
   * ping with its pong, in the phase in which it ends. `underWay` is the remainder: below zero where more exchanges
   * began before the phase than are unfinished at its end.
   */
  parts: z.strictObject(perPart(bytesOf)),
  /** All requests; where clients poll, only those that were answered. */
  requests: count,
  /** Polls that were answered by messages; 0 where messages are pushed. */
  answers: count,
  /**
   * The part of `deliveries` that was bodies of those answers: messages, with the characters that separate them.
   */
  bodyBytes: count,
  /**
   * The other part of `deliveries` that varies with an answer's content: digits of lengths and cursors in the heads
   * of answer and request, and the framing of chunks. A server address that is longer or shorter than the reference
   * address counts here, too, so it may be below zero.
   */
  digitBytes: z.int(),
  /**
   * Messages in the bytes of `deliveries`: those in answers to polls, or those that arrived where they are pushed.
   */
  messages: count,
  /** Messages in the bytes of `upstream`. */
  sentUp: count,
  /**
   * The bytes of each part that the server's address and age cost, computed by `bench/run/incidental.ts`: an address
   * may have more digits than the reference address, and so do message numbers where the server had published before
   * the trial. Comparisons leave these bytes out.
   */
  incidental: z.strictObject(ofEach(numberedParts, bytesOf)),
  connections: count,
  /**
   * The traffic that idle connections repeat, where a relay in front of the user's own server could observe it; null
   * in all other phases. Bytes are those of one connection in one cycle.
   */
  cycle: z
    .strictObject({
      /** Null where no traffic was repeated; then `bytes` are all that were observed on a connection. */
      cycleMs: number.nullable(),
      /** How many cycles were observed. */
      cycles: count,
      bytes,
    })
    .nullable(),
  /** Null without network namespaces. */
  link: link.nullable(),
});

/** Fields that can't be seen from outside are null for processes that aren't the harness's own. */
const resources = z.strictObject({
  /** `publisher` sends the messages where the server is the user's own. */
  process: z.enum(["server", "publisher", "load", "canary", "network", "intruders"]),
  durationMs: number,
  /** User and system time, including `turningMs`. */
  cpuMs: number,
  /** How long a pacer busy-waited, its event loop turning, until messages were due: no work. */
  turningMs: number,
  /** The part of `cpuMs` that the busiest thread used: the event loop's, where there is one. */
  busiestThreadMs: number.nullable(),
  /** Processors' worth of time that it may use: those it may run on, within its control group's limit. */
  cores: number.nullable(),
  /** How long the busiest thread was ready to run while others had the processors. */
  waitedMs: number.nullable(),
  /** Event-loop utilisation without busy-waiting, 0 to 1. */
  utilisation: number.nullable(),
  /** `utilisation` in the busiest second. */
  busiestSecond: number.nullable(),
  /** The share of its host's processor time that the hypervisor gave to others, 0 to 1. */
  stealShare: number.nullable(),
  /** How long its cgroup's limit kept it, or another process of the group, from running. */
  throttledMs: number.nullable(),
  rssBytes: count.nullable(),
  heapBytes: count.nullable(),
  gcMs: number.nullable(),
  gcLongestMs: number.nullable(),
  gcCount: count.nullable(),
  loopDelayP99Ms: number.nullable(),
  loopDelayMaxMs: number.nullable(),
});

/**
 * How long a process of the harness neither worked nor read its clock: a stall, whose keys here say "stand still".
 */
const stall = z.strictObject({
  /** `server`, `load 1`, `canary`, `publisher` or `director`. */
  process: text,
  /** The longest such time: about 25 ms, the interval at which it reads the clock, where nothing disturbed it. */
  longestMs: number,
  /** `longestMs` less the time spent waiting for a processor that others had. */
  stoppedMs: number,
});

const theory = z.strictObject({
  /** Where its formulas come from. */
  source: prose,
  /** What `wire.parts` of the same name should be; null where theory can't tell. */
  deliveries: bytes.nullable(),
  upstream: bytes.nullable(),
});

/** Delivery latency over the phase: in each slice the messages that were due in it. */
const timeline = z.strictObject({
  sliceMs: number,
  slices: z.array(z.strictObject({ count, meanNs: number.nullable(), maxNs: number.nullable() })),
});

/** Deliveries; the first six add up to those expected. */
const ledger = z.strictObject({
  received: count,
  /** Sent before their client was back, and received after that. */
  replayed: count,
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

export type Lane = z.infer<typeof lane>;

const absences = z.strictObject({
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

const outboxes = z.strictObject({
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
const restart = z.strictObject({
  /** When the first ended, since the phase began. */
  atMs: number,
  /** From then until clients could reach the other. */
  downMs: number,
  /** The other's processor time, without busy-waiting, in steps of 100 ms from about that moment until the phase's end. */
  cpuMs: z.array(number),
});

/** Clients that stopped reading for a while. */
const stoppedReaders = z.strictObject({
  count,
  /** Those that lost their connection. */
  disconnected: count,
  /** From reading again until the first message that was sent after that. */
  caughtUp: histogram,
});

/** The server's memory, read every `stepMs` from the start of the phase on, and at its end; with garbage. */
const memoryCourse = z.strictObject({
  stepMs: number,
  residentBytes: z.array(count),
  /** What JavaScript holds, in the heap and in buffers. */
  heapBytes: z.array(count),
});

const phase = z.strictObject({
  name,
  /** False for what only prepares: connecting, warming up. */
  measured: z.boolean(),
  /** How long the body took; `wire` and `resources` hold exactly this stretch. */
  durationMs: number,
  clients: count,
  /** Clients that lost their connection since the end of the measured phase before: none of ours ended it. */
  disconnected: count,
  /** The mean size of its messages, where they are a corpus: the workload's is that of all messages in it. */
  payloadBytes: number.optional(),
  deliveries: z.strictObject({
    /** Messages that were to be sent. */
    intended: count,
    /** Messages times the clients they were for. */
    expected: count,
    delivered: count,
    /** Null where the last messages were not waited for. */
    lost: count.nullable(),
    duplicated: count,
    reordered: count,
    corrupted: count,
    /** Deliveries that arrived within the body, whenever they were sent. */
    arrived: count,
  }),
  /** The intended and achieved rate, in messages per second over all clients; null when nothing was sent. */
  rate: z.strictObject({ intended: number, achieved: number }).nullable(),
  latency: z.strictObject({
    /** Received less due: the figure that counts. */
    delivery: histogram,
    /** Received less sent. */
    transit: histogram,
    /** Sent less due. */
    lateness: histogram,
    /** Until the last client had the message, less due; for messages that go to all clients. */
    lastClient: histogram,
  }),
  timeline,
  /** Messages that were still on their way when the time for sending was over. */
  backlog: z.strictObject({
    /** Messages that some client got later than that, or would have. */
    messages: count,
    /** The time in which this many messages are sent. */
    sendingMs: number,
    /** Bytes that the kernel had received and load processes hadn't read; null where that wasn't looked up. */
    receiveQueueBytes: count.nullable(),
  }),
  /**
   * One more client in a process of its own, with nothing else to do. `wire` and the server's resources include it;
   * all other fields don't.
   */
  canary: z.strictObject({ expected: count, arrived: count, delivery: histogram }).nullable(),
  /** From dialling to being subscribed. */
  setUp: histogram,
  /** What became of every expected delivery, where something between clients and server misbehaved: see `Ledger`. */
  ledger: ledger.optional(),
  /** Clients that lost their connection in the phase and came back, where they were to. */
  absences: absences.optional(),
  /** What clients kept of what they sent, where they kept some. */
  outboxes: outboxes.optional(),
  /** Of the server, in their order. Bytes and resources are those of all its processes. */
  restarts: z.array(restart).optional(),
  /** Where some were to. */
  stoppedReaders: stoppedReaders.optional(),
  /** Of each kind that tried the server's limits, where some were to. Bytes and the server's resources include them. */
  intruders: z.array(intrudersSchema).optional(),
  /** In scenarios that ask for it. */
  memoryCourse: memoryCourse.optional(),
  /**
   * Null where bytes aren't counted: the user's own server has a relay in front of it only in trials without
   * timing.
   */
  wire: wire.nullable(),
  /** What a packet network did, where one was between clients and server. */
  network: networkSchema.optional(),
  /** What the wire's bytes should be; null where the transport states nothing or nothing was sent. */
  theory: theory.nullable(),
  /** The resources of each process; without the server's where it is the user's own and its process isn't known. */
  resources: z.array(resources),
  /**
   * The longest stall of each process of the harness, from the start of the phase until waiting for the last
   * message ended.
   */
  standStills: z.array(stall),
  /**
   * Processor time of processes that took no part in the trial. Null where it isn't known: the server's own
   * process is not, or other trials were on.
   */
  othersCpuMs: number.nullable(),
  /** Socket memory of the whole host at the end of the body. */
  kernelSocketBytes: count.nullable(),
});

const figure = z.strictObject({
  /**
   * Stays the same over versions: what checks refer to. One that ends in `.at` and a number is a point of
   * a series over that number, such as `memory.at250`.
   */
  key: name,
  /** The table of the report it stands in; empty for the scenario's main one. */
  table: name,
  /** Two short lines at most: the head of its column. */
  label: name,
  unit: z.enum(["ns", "ms", "bytes", "count", "per second", "percent", "text"]),
  better: z.enum(["lower", "higher", "neither"]),
  /** Null when it could not be had. */
  value: z.union([number, name]).nullable(),
  /**
   * `at least` when the harness stopped before the thing itself did, `range` when it is known to lie between
   * `value` and `most`.
   */
  bound: z.enum(["exact", "at least", "range"]),
  most: number.optional(),
  /** The phase of its trial in which it was measured; left out where there were several. */
  phase: name.optional(),
  /** How to read the figure; the same in every trial. */
  about: prose.optional(),
  /** What is special about this value: why there is none, or what it is bound by. */
  note: prose.optional(),
  /** Whether it is the figure by which a sentence sums up a scenario's variants. */
  headline: z.boolean().optional(),
  /** True of what is counted and comes out the same on every machine: a single trial of it ranks variants. */
  counted: z.boolean().optional(),
  /** Sentences about the figure, in which `{value}` and `{variant}` stand for these. */
  words: z
    .strictObject({
      /** Said of any variant: `half of the messages arrive within {value}`. */
      states: prose,
      /** Said of the best variant: `messages arrive soonest with {variant}: half within {value}`. */
      leads: prose,
    })
    .optional(),
  /** How a sentence tells what a variant adds to it, for which `{value}` stands, or takes: `{value}/msg`. */
  adds: prose.optional(),
});

const warning = z.strictObject({
  code: z.enum(warningCodes),
  phase: name,
  detail: prose,
});

const clockCheck = z.strictObject({
  /** `server`, `load 1`, … */
  process: name,
  /** In every round the process's time lay between two readings of the director's. */
  shared: z.boolean(),
  /** By how much the clocks could differ all the same: half of the shortest round. */
  boundNs: number,
});

const outcome = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("valid") }),
  z.strictObject({ status: z.literal("invalid") }),
  z.strictObject({
    status: z.literal("failed"),
    /** Who caused the failure: only failures by the machine or the harness are replaced by another trial. */
    by: z.enum(["server", "machine"]),
    reason: prose,
    stderr: text,
  }),
  z.strictObject({ status: z.literal("interrupted") }),
]);

const trial = z.strictObject({
  variant: name,
  scenario: name,
  /** From 1: which repetition of its cell. */
  repetition: count,
  startedAt: moment,
  durationMs: number,
  outcome,
  /** Whether the processes share one clock; without it there are no one-way latencies. */
  clocks: z.array(clockCheck),
  /** What stood between clients and server, where the scenario had it misbehave. */
  network: z
    .strictObject({
      /** What it added to one way by itself: an upper bound. */
      ownDelayNs: number,
    })
    .optional(),
  warnings: z.array(warning),
  phases: z.array(phase),
  figures: z.array(figure),
});

const workload = z.strictObject({
  clients: count,
  ratePerSecond: number,
  payloadBytes: count,
  ...payloadFields,
  /** The packet network over which it was played; left out without one. */
  network: networkField,
  warmUpMs: number,
  durationMs: number,
  maxConnections: count,
  ...misfortuneFields,
});

/** Three values as the kernel has them: minimum, default and maximum; for `totalPages` low, pressure and high. */
const three = z.tuple([count, count, count]);

const negotiated = z.strictObject({
  /** `TLSv1.3` */
  protocol: text,
  /** `TLS_AES_256_GCM_SHA384` */
  cipher: text,
  /** `EC P-256, self-signed` */
  certificate: text,
});

const environment = z.strictObject({
  host: z.strictObject({
    platform: text,
    kernel: text,
    architecture: text,
    cpu: text,
    cores: count,
    memoryBytes: count,
    /** The hypervisor that this machine is a guest of; `none` when it is no guest. */
    hypervisor: text.nullable(),
    governor: text.nullable(),
    /** Limits of this process's control groups; within, null is none. */
    cgroup: z
      .strictObject({ cpuCores: number.nullable(), memoryBytes: count.nullable() })
      .nullable(),
    clockSource: text.nullable(),
    loadBefore: number,
    loadAfter: number.nullable(),
    /** The share of all processor time during the run, 0 to 1. */
    stealShare: number.nullable(),
    openFilesLimit: count.nullable(),
    openFilesHardLimit: count.nullable(),
    portRange: z.tuple([count, count]).nullable(),
    acceptBacklog: count.nullable(),
    loopbackAddresses: count,
    tcpMemory: z
      .strictObject({ totalPages: three, receiveBytes: three, sendBytes: three })
      .nullable(),
    congestionControl: text.nullable(),
  }),
  software: z.strictObject({
    transportBench: text,
    /** Versions of Node and of everything built into it. */
    versions: z.record(text, text),
    libraries: z.record(text, text),
    nodeOptions: text,
    execArgv: z.array(text),
    lockfileSha256: text.nullable(),
    /** Where the harness runs from a git checkout. */
    commit: z.strictObject({ hash: text, dirty: z.boolean() }).nullable(),
    /** Browsers and proxies that took part, with their versions. */
    programs: z.record(text, text),
    /**
     * How connections with the harness's own servers were encrypted, for each kind of certificate; null where none
     * were, or not recorded.
     */
    tls: z.array(negotiated).nullable(),
  }),
});

/** Something that makes the figures of a run worse than they need be, as `bench doctor` finds it. */
const machineNote = z.strictObject({
  /** `cores`, `load`, `steal`, … */
  key: prose,
  title: prose,
  status: z.enum(["limited", "bad"]),
  /** What was found. */
  found: prose,
  /** What it does to figures. */
  effect: prose,
  /** What would help; null when nothing can be done. */
  advice: prose.nullable(),
});

const cell = z.strictObject({
  variant: name,
  scenario: name,
  workload,
  trials: count,
});

const target = z.strictObject({
  /** `http://host:port` or `https://host:port` */
  url: text,
  /** That its certificate wasn't verified; left out where it was, and without TLS. */
  unverified: z.literal(true).optional(),
  /** How it was started for each trial, as given to a shell; null where it was running already. */
  command: text.nullable(),
  /** Whether its process was known, and with it its CPU time and memory. */
  observed: z.boolean(),
});

/** Equal repetitions of both sides were played next to each other, in random order. */
const pairing = z.strictObject({
  /** The same for both sides, and for no others. */
  session: text,
  side: z.enum(["baseline", "candidate"]),
  /** From which repetition on pairs confirm what was suspected before; null where nothing was. */
  confirmsFrom: count.nullable(),
});

export const resultsSchema = z.strictObject({
  format: z.literal(resultsFormat),
  schemaVersion: z.literal(schemaVersion),
  run: z.strictObject({
    status: z.enum(["running", "complete", "interrupted"]),
    startedAt: moment,
    finishedAt: moment.nullable(),
    /** The command that repeats it. */
    command: text,
    seed: count,
    profile: z.enum(["quick", "default", "thorough"]),
    /** From which `bench reproduce` does it again. */
    configuration: recordedConfigSchema,
    /** Null without `--precision`. */
    precision: precisionSchema.nullable(),
    /** The fault that was made to test the harness, as JSON; null in every real run. */
    fault: text.nullable(),
    /** Whether each trial had network namespaces of its own; on loopback otherwise. */
    netns: z.boolean(),
    /** What a packet network does by itself, with everything switched off; left out in runs without one. */
    packetNetwork: packetCalibrationSchema.optional(),
    /** Notes on the machine: before the run, and on stolen time at its end. */
    notes: z.array(machineNote),
    /** The server that was measured where it wasn't the harness's own. */
    target: target.nullable(),
    /** Which side of an interleaved comparison this run is; null where it stands alone. */
    pairing: pairing.nullable(),
  }),
  environment,
  variants: z.array(
    z.strictObject({
      name,
      transport: name,
      /** The transport's name in sentences. */
      title: name,
      client: name,
      delivery: z.enum(["push", "pull"]),
      /** Between two polls of a client; null where it doesn't poll on a grid. */
      pollIntervalMs: number.nullable(),
      /** Whether it is the floor that reports show: costs below it are those of machine and harness. */
      reference: z.boolean(),
      options: z.record(text, z.unknown()),
      /** The file that defines the transport, from the folder of the run; left out for a built-in one. */
      adapter: prose.optional(),
    }),
  ),
  scenarios: z.array(z.strictObject({ name, summary: prose, workload: prose })),
  cells: z.array(cell),
  /** In the order in which they were played. */
  trials: z.array(trial),
});

export type ClockCheck = z.infer<typeof clockCheck>;
export type PhaseTheory = z.infer<typeof theory>;
export type Timeline = z.infer<typeof timeline>;
export type Histogram = z.infer<typeof histogram>;
export type Link = z.infer<typeof link>;
export type Wire = z.infer<typeof wire>;
export type Resources = z.infer<typeof resources>;
export type ProcessStall = z.infer<typeof stall>;
export type Phase = z.infer<typeof phase>;
export type MemoryCourse = z.infer<typeof memoryCourse>;
export type Figure = z.infer<typeof figure>;
export type Warning = z.infer<typeof warning>;
export type TrialOutcome = z.infer<typeof outcome>;
export type MachineNote = z.infer<typeof machineNote>;
export type Trial = z.infer<typeof trial>;
export type Workload = z.infer<typeof workload>;
export type Negotiated = z.infer<typeof negotiated>;
export type Environment = z.infer<typeof environment>;
export type Host = Environment["host"];

/** Everything that a run leaves behind. */
export type Results = z.infer<typeof resultsSchema>;
