import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";

/*
 * What crosses Redis: jobs and requests to workers, and what comes back. All of it is plain JSON, and what goes to a
 * worker is signed: it starts processes and makes load for those only who have its token.
 */

export const workerRecordSchema = z.strictObject({
  /** Of this package: verbs aren't the same in another. */
  version: z.string(),
  /** Of the worker process: a worker of the same name that was started later is another. */
  instance: z.string(),
  /** Processes at once. */
  capacity: z.int().min(1),
  /** What its machine is for. */
  role: z.enum(["servers", "clients", "both"]),
  /** Where it tells its time. */
  clock: z.strictObject({ host: z.string(), port: z.int() }),
  /** The addresses on which its servers listen. */
  listen: z.array(z.string()).min(1),
  host: z.string(),
  cores: z.int().min(1),
  /** The signature of `instance`. */
  proof: z.string(),
  /** Whether it takes no more trials, and leaves when it has part in none. */
  isLeaving: z.boolean(),
});

/** What a worker tells of itself. */
export type WorkerRecord = z.infer<typeof workerRecordSchema>;

export const processJobSchema = z.strictObject({
  run: z.string(),
  attempt: z.string(),
  /** Unique. */
  process: z.string(),
  entry: z.enum([
    "server",
    "load",
    "publisher",
    "network",
    "intruders",
    "program",
    "probe",
    "asker",
  ]),
  /** For messages: `load 2`. */
  name: z.string(),
});

/** One process of one attempt of one trial. */
export type ProcessJob = z.infer<typeof processJobSchema>;

export const signedJobSchema = z.strictObject({ text: z.string(), signature: z.string() });

/** A job as it is queued: JSON of a `ProcessJob`. */
export type SignedJob = z.infer<typeof signedJobSchema>;

export const askingSchema = z.strictObject({
  run: z.string(),
  /** Null of the worker itself. */
  attempt: z.string().nullable(),
  process: z.string(),
  id: z.int(),
  verb: z.string().nullable(),
  args: z.unknown(),
});

/** A request to a process of a worker, or to the worker itself by its instance; `verb` null for the process's end. */
export type Asking = z.infer<typeof askingSchema>;

const answerSchema = z.discriminatedUnion("ok", [
  z.strictObject({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ id: z.int(), ok: z.literal(false), reason: z.string() }),
]);

const endingSchema = z.strictObject({
  reason: z.string(),
  stderr: z.string(),
  isExplained: z.boolean(),
  /** Whether the worker has it end, which says nothing of the process. */
  isWorkers: z.boolean(),
});

/** How a process has come to its end. */
export type Ending = z.infer<typeof endingSchema>;

export const toldSchema = z.strictObject({
  process: z.string(),
  answer: answerSchema.optional(),
  ended: endingSchema.optional(),
});

/** What comes back of a process: an answer, or its end. */
export type Told = z.infer<typeof toldSchema>;

/** Texts that go to a worker, and prove that their sender has its token. */
export class Signer {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** Of `text`, in hexadecimal: HMAC with SHA-256 (RFC 2104). */
  sign(text: string): string {
    return createHmac("sha256", this.#token).update(text).digest("hex");
  }

  verifies(text: string, signature: string): boolean {
    const right = Buffer.from(this.sign(text));
    const given = Buffer.from(signature);
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
