import * as z from "zod";

/*
 * The document that `bench doctor --json` prints. Its keys stay as they are; values that couldn't be determined are
 * null, or a finding whose status is `unknown`.
 */

export const diagnosisFormat = "transport-bench doctor";
export const diagnosisVersion = 3;

const count = z.int().min(0);
const text = z.string();

/**
 * `good`: as it should be. `limited`: less is possible, or figures vary more. `bad`: figures can't be
 * trusted, or hardly anything is possible. `missing`: not there, and not possible without it. `unknown`:
 * this machine doesn't tell.
 */
const status = z.enum(["good", "limited", "bad", "missing", "unknown"]);

const finding = z.strictObject({
  key: z.enum([
    "cores",
    "cpu-limit",
    "steal",
    "load",
    "governor",
    "clock",
    "limits",
    "descriptors",
    "ports",
    "backlog",
    "memory",
    "connections",
    "namespaces",
  ]),
  /** For people. */
  title: text,
  status,
  /** What was found. */
  found: text,
  /** What it allows. */
  enables: text,
  /** The command or setting that would help; null when nothing need be done, or nothing can. */
  advice: text.nullable(),
});

const capacity = z.strictObject({
  /** The smallest of the limits; null when none of them is known. */
  most: count.nullable(),
  /** The name of the limit that binds. */
  boundBy: text.nullable(),
  limits: z.array(
    z.strictObject({
      name: text,
      most: count.nullable(),
      /** The arithmetic behind it. */
      because: text,
      /** What moves it; null where nothing does. */
      setting: text.nullable(),
    }),
  ),
});

/** The load that a second of real traffic caused. Shares are of one core; 1 is all of it. */
const probed = z.strictObject({
  variant: text,
  clients: count,
  payloadBytes: count,
  deliveriesPerSecond: z.number(),
  serverCpuShare: z.number(),
  loadCpuShare: z.number(),
  /** The utilisation of the load process's event loop. */
  loadUtilisation: z.number(),
  /** Why a run's figures could not be trusted at this rate, in words. */
  doubts: z.array(text),
});

export const diagnosisSchema = z.strictObject({
  format: z.literal(diagnosisFormat),
  schemaVersion: z.literal(diagnosisVersion),
  machine: z.strictObject({
    cpu: text,
    cores: count,
    platform: text,
    kernel: text,
    hypervisor: text.nullable(),
    node: text,
  }),
  findings: z.array(finding),
  /** Clients that can be held at once, by so many servers and load processes. */
  connections: capacity.extend({ servers: count, loads: count }),
  /**
   * Deliveries per second with figures that can be trusted: messages per second times clients. The
   * limits are in proportion to the first of `tried`; the others show whether that holds.
   */
  deliveriesPerSecond: capacity.extend({
    tried: z.array(probed),
    /** Why there was nothing to measure. */
    failure: text.nullable(),
  }),
});

export type Status = z.infer<typeof status>;
export type Finding = z.infer<typeof finding>;
export type Capacity = z.infer<typeof capacity>;
export type ConnectionCapacity = Diagnosis["connections"];
export type Probed = z.infer<typeof probed>;
export type Rate = Diagnosis["deliveriesPerSecond"];
export type Diagnosis = z.infer<typeof diagnosisSchema>;
