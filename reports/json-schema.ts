import * as z from "zod";

const text = z.string();
const count = z.int().min(0);

/** The label of a run among several; null where there is only one. */
const label = text.nullable();

/** What a machine is, in short. */
const machine = {
  /** Null where it isn't known. */
  node: text.nullable(),
  platform: text,
  kernel: text,
  cpu: text,
  cores: count,
  memoryBytes: count,
};

const cell = z.strictObject({
  /** Of its column. */
  key: text,
  /** Over the valid trials, in the column's unit; null where it could not be had. */
  median: z.number().nullable(),
  /** The ends of the median's interval; null over a single trial, which says nothing of how much they differ. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** The chance that such an interval holds the true median, 0 to 1. */
  confidence: z.number().nullable(),
  /** On how many valid trials it rests. */
  trials: count,
  /** The true value is the median or more: the harness stopped before the thing itself did. */
  atLeast: z.boolean(),
  /** The best median of its column and run. */
  best: z.boolean(),
  /** Not told apart from the best, but perhaps worse: its trials are too few or too scattered to say. */
  uncertain: z.boolean(),
  /** By how much it may be off by the clocks of several machines, in the column's unit; null where one clock tells it. */
  clockBound: z.number().nullable(),
  /** For figures that are words. */
  text: text.nullable(),
  /** The median over invalid trials, where none is valid, or of what clocks don't tell: to be seen, but not to be counted. */
  invalid: z.number().nullable(),
  /** Why there is no figure, or what is special about it. */
  remark: text.nullable(),
});

const table = z.strictObject({
  /** Empty for the scenario's main table. */
  title: text,
  columns: z.array(
    z.strictObject({
      /** Stays the same over versions. */
      key: text,
      label: text,
      unit: z.enum(["ns", "ms", "bytes", "count", "per second", "percent", "text"]),
      better: z.enum(["lower", "higher", "neither"]),
      headline: z.boolean(),
      /** Counted, and the same on every machine: a single trial of it ranks variants. */
      counted: z.boolean(),
      about: text.nullable(),
    }),
  ),
  rows: z.array(
    z.strictObject({
      variant: text,
      run: label,
      /** The floor, with which nothing is compared. */
      reference: z.boolean(),
      /** Valid trials, of those played. */
      valid: count,
      played: count,
      /** Why it has no figures at all; null when a trial is valid. */
      none: text.nullable(),
      /** One for each column, in their order. */
      cells: z.array(cell),
    }),
  ),
});

const difference = z.strictObject({
  /** By its path, such as `host.kernel`. */
  field: text,
  /** Null where it isn't recorded. */
  before: text.nullable(),
  after: text.nullable(),
});

/** The document that `json` writes. */
export const jsonSchema = z.strictObject({
  format: z.literal("transport-bench summary"),
  /** Grows when a field goes away or changes its meaning, and not when one is added. */
  version: z.literal(1),
  runs: z.array(
    z.strictObject({
      label,
      /** `running` and `interrupted` runs lack a part. */
      status: z.enum(["running", "complete", "interrupted"]),
      startedAt: text,
      /** The command that repeats it. */
      command: text,
      seed: count,
      /** What was made to go wrong, to test the harness; null in every real run. */
      fault: text.nullable(),
      netns: z.boolean(),
      /** The network between clients and server, by packets or by a relay; null without one. */
      network: text.nullable(),
      /** How many servers shared the clients. */
      servers: count,
      /** What carried messages to all of them; null where one served alone, and of the user's own. */
      bus: text.nullable(),
      /** What stood in front of them; null where clients dialled servers. */
      balance: text.nullable(),
      environment: z.strictObject({
        transportBench: text,
        ...machine,
      }),
      /** The machines that ran it, where it ran on others than the one above; empty otherwise. */
      hosts: z.array(
        z.strictObject({
          name: text,
          ran: z.array(z.enum(["servers", "clients"])),
          ...machine,
        }),
      ),
    }),
  ),
  /** What differs around the first run and each of the others. */
  differences: z.array(
    z.strictObject({
      first: text,
      other: text,
      environment: z.array(difference),
      configuration: z.array(difference),
    }),
  ),
  /** Sentences that claim no more than the intervals allow. */
  findings: z.array(z.strictObject({ run: label, text })),
  scenarios: z.array(
    z.strictObject({
      name: text,
      about: text,
      workload: text,
      tables: z.array(table),
      /** Why to doubt some of it, what was left out, and what to do about it. */
      doubts: z.array(z.strictObject({ run: label, variants: z.array(text), text })),
    }),
  ),
});

export type JsonSummary = z.infer<typeof jsonSchema>;
