import * as z from "zod";
import {
  absences,
  ledger,
  memoryCourse,
  outboxes,
  restart,
  stoppedReaders,
} from "./recorded-absences.ts";
import { environment, machineNote } from "./recorded-environment.ts";
import { clockBoundNs, hostClock } from "./recorded-clocks.ts";
import { histogram, timeline } from "./recorded-latency.ts";
import { resources, stall } from "./recorded-processes.ts";
import { theory, wire } from "./recorded-wire.ts";
import { serverFleetFields } from "./recorded-server-fleet.ts";
import { balancerSchema } from "./recorded-balancer.ts";
import { busSchema } from "./recorded-bus.ts";
import { answersFields } from "./recorded-answers.ts";
import { misfortuneFields } from "./recorded-misfortune.ts";
import { recordedRooms } from "./recorded-rooms.ts";
import { recordedTokens } from "./recorded-tokens.ts";
import { recordedConfigSchema, precisionSchema, profileNames } from "./recorded-config.ts";
import { recordedEndpoint } from "./recorded-endpoint.ts";
import { intrudersSchema } from "./recorded-intruders.ts";
import {
  networkField,
  networkSchema,
  packetCalibrationSchema,
  relaySchema,
} from "./recorded-network.ts";
import { payloadFields } from "./recorded-payload.ts";
import { moment, name, number, prose } from "./texts.ts";
import { warningCodes } from "./warnings.ts";

export type * from "./recorded-absences.ts";
export type * from "./recorded-clocks.ts";
export type * from "./recorded-environment.ts";
export type * from "./recorded-latency.ts";
export type * from "./recorded-processes.ts";
export type * from "./recorded-wire.ts";

/*
 * results.json: the only seam between measuring and presenting. Everything in it is plain data; times
 * are nanoseconds or milliseconds by their names, sizes are bytes, and what couldn't be read is null.
 */

export const resultsFormat = "transport-bench results";
export const schemaVersion = 5;

const count = z.int().min(0);
const text = z.string();

const phase = z.strictObject({
  name,
  /** False for what only prepares: connecting, warming up. */
  measured: z.boolean(),
  /** That it tried what may be too much, in search of a limit. */
  isAttempt: z.literal(true).optional(),
  /** How long the body took; `wire` and `resources` hold exactly this stretch. */
  durationMs: number,
  clients: count,
  /** Clients that lost their connection since the end of the measured phase before: none of ours ended it. */
  disconnected: count,
  /** The mean size of its messages, where they are a corpus: the workload's is that of all messages in it. */
  payloadBytes: number.optional(),
  deliveries: z.strictObject({
    /** Messages that were to be sent; those that were, where sending was broken off. */
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
  /** Why an attempt sent less than it was to: messages were too late, or the process that sent kept too much. */
  brokenOff: z.enum(["late", "memory"]).optional(),
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
  /** Where clients are in rooms. */
  rooms: recordedRooms.optional(),
  /** Where clients prompted: deliveries are then the tokens of the answers. */
  tokens: recordedTokens.optional(),
  /** Of each kind that tried the server's limits, where some were to. Bytes and the server's resources include them. */
  intruders: z.array(intrudersSchema).optional(),
  /** Where an endpoint of the user's was asked as it is. */
  endpoint: recordedEndpoint.optional(),
  /** In scenarios that ask for it. */
  memoryCourse: memoryCourse.optional(),
  /**
   * Null where bytes aren't counted: the user's own server has a relay in front of it only in trials without
   * timing.
   */
  wire: wire.nullable(),
  /**
   * How far the clocks of who sends and of who receives may have been apart; left out where one clock tells both: on one
   * machine, and of messages that come back to who sent them.
   */
  clockBoundNs: clockBoundNs.optional(),
  /** Of each host; left out where there is one machine. */
  clocks: z.array(hostClock).optional(),
  /** What a packet network did, where one was between clients and server. */
  network: networkSchema.optional(),
  /** What carried messages between servers; left out where one served alone. */
  bus: busSchema.optional(),
  /** What stood in front of servers; left out where clients dialled them. */
  balancer: balancerSchema.optional(),
  /** What a relay did with TCP connections, where `--network` had one play a network. */
  relay: relaySchema.optional(),
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
   * Processor time of processes that took no part in the trial; of several hosts, on that of the process that waited
   * longest for a processor. Null where it isn't known: the server's own process is not, or other trials were on.
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
  /** Of a time that the clocks of two hosts tell: see that of phases. */
  clockBoundNs: clockBoundNs.optional(),
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
  /** The relay between clients and server, where `--network` or the scenario asked for one. */
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
  /** The network over which it was played, by packets or by a relay; left out without one. */
  network: networkField,
  ...serverFleetFields,
  warmUpMs: number,
  durationMs: number,
  maxConnections: count,
  ...misfortuneFields,
  ...answersFields,
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
  /** With what it was asked as it is, without what may be secret; left out where it spoke a format of the harness's. */
  request: z
    .strictObject({
      /** With the values of its query hidden. */
      path: text,
      file: text,
      bytes: count,
      sha256: text,
      /** The names of its fields. */
      headers: z.array(text),
    })
    .optional(),
  /** That its certificate wasn't verified; left out where it was, and without TLS. */
  unverified: z.literal(true).optional(),
  /** How it was started for each trial, as given to a shell; null where it was running already. */
  command: text.nullable(),
  /** Whether its process was known, and with it its CPU time and memory; of several, those of all. */
  observed: z.boolean(),
  /** Servers beside it, over which clients were spread as well; left out where there were none. */
  others: z.array(text).optional(),
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
    profile: z.enum(profileNames),
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
    /** The user's own broker between servers, without secrets; left out where it wasn't. */
    broker: text.optional(),
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
export type Phase = z.infer<typeof phase>;
export type Figure = z.infer<typeof figure>;
export type Warning = z.infer<typeof warning>;
export type TrialOutcome = z.infer<typeof outcome>;
export type Trial = z.infer<typeof trial>;
export type Workload = z.infer<typeof workload>;

/** Everything that a run leaves behind. */
export type Results = z.infer<typeof resultsSchema>;
