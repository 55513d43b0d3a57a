import { existsSync } from "node:fs";
import { basename } from "node:path";
import { maxMessageBytes } from "../../transports/transport.ts";
import { knownAre, nearest, usageError } from "../errors/errors.ts";
import { headBytes } from "../payloads/envelope.ts";
import { bodiesOfCorpus, objectsOf } from "../payloads/corpus.ts";
import { defaultEncoding, encodingNames } from "../payloads/encodings.ts";
import type { EncodingName } from "../payloads/encodings.ts";
import { defaultKind, isKind, kindNames, minBytesOf } from "../payloads/kinds.ts";
import { bodyIndex, headField, messageBytes } from "../payloads/message.ts";
import type { PayloadRecipe } from "../payloads/messages.ts";
import type { RecordedPayload } from "../results/recorded-payload.ts";
import { sum } from "../statistics/basics.ts";
import { readCorpus } from "./corpus-file.ts";
import { named } from "./naming.ts";
import type { Naming } from "./naming.ts";

/** Other messages than the harness's own text. */
export interface Payload {
  readonly recipe: PayloadRecipe;
  /** The smallest message. */
  readonly minBytes: number;
  /** Null where the harness makes messages of any size. */
  readonly corpus: Corpus | null;
}

export interface Corpus {
  /** As the user gave it. */
  readonly path: string;
  readonly sha256: string;
  /** The size of each message, before its encoding. */
  readonly sizes: readonly number[];
}

/** The settings that say what is sent. */
export interface PayloadSettings {
  readonly payloadKind?: string | undefined;
  readonly encoding?: EncodingName | undefined;
  /** The size of a message. */
  readonly payload?: number | undefined;
}

/** Reads a corpus, where one is named. Null for the default; throws a `BenchError` for what can't be sent. */
export function payloadOf(settings: PayloadSettings, naming: Naming): Payload | null {
  const { payloadKind: kind = defaultKind, encoding = defaultEncoding } = settings;
  if (kind === defaultKind && encoding === defaultEncoding) return null;
  const payload = named("payloadKind", naming, () =>
    isKind(kind)
      ? { recipe: { content: { kind }, encoding }, minBytes: minBytesOf(kind), corpus: null }
      : ofCorpus(kind, encoding),
  );
  checkSize(payload, settings.payload, naming);
  return payload;
}

function ofCorpus(path: string, encoding: EncodingName): Payload {
  if (!existsSync(path)) {
    const hint = `${nearest(path, kindNames)}${knownAre(kindNames)}, or a file of messages`;
    throw usageError(`"${path}" is neither a kind of payloads nor a file; ${hint}`);
  }
  const { lines, sha256 } = readCorpus(path);
  const objects = objectsOf(lines);
  for (const [index, fields] of (objects ?? []).entries()) {
    checkFields(fields, `${path}, message ${index + 1},`);
  }
  const { shape, bodies } = bodiesOfCorpus(lines, objects);
  if (shape === "object" && encoding === "protobuf") {
    throw usageError(`${path} holds objects, and for protobuf there is no schema of them`);
  }
  const sizes = bodies.map(messageBytes);
  const minBytes = sizes.reduce((a, b) => Math.min(a, b));
  return { recipe: { content: { lines }, encoding }, minBytes, corpus: { path, sha256, sizes } };
}

/** Far from where encoders run out of stack, in whatever process. */
const maxLevels = 1_000;

function checkFields(fields: object, where: string): void {
  if (Object.hasOwn(fields, headField)) {
    throw usageError(`${where} has a field "${headField}", which is the harness's own`);
  }
  if (!isDeeper(fields, maxLevels)) return;
  throw usageError(`${where} is nested more than ${maxLevels} levels deep`);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((held) => isDeeper(held, levels - 1));
}

/**
 * How many bytes an encoding may make of one: base64 four of three, and a binary one nine of a short number and its
 * comma, `1.5,`, of which base64 is made.
 */
const maxGrowth: Readonly<Record<EncodingName, number>> = {
  json: 1,
  base64: 4 / 3,
  msgpack: 3,
  protobuf: 3,
};

function checkSize(payload: Payload, bytes: number | undefined, naming: Naming): void {
  const { recipe, minBytes, corpus } = payload;
  if (corpus !== null && bytes !== undefined) {
    throw usageError(
      `${naming("payload")} has no effect on ${corpus.path}, whose messages have sizes of their own`,
    );
  }
  if (bytes !== undefined && bytes < minBytes) {
    throw usageError(
      `${naming("payload")}: ${nameOf(payload)} needs at least ${minBytes} bytes, not ${bytes}`,
    );
  }
  const most = corpus?.sizes.reduce((a, b) => Math.max(a, b)) ?? bytes ?? headBytes;
  const limit = largestCarried(payload, maxMessageBytes);
  if (most <= limit) return;
  const setting = naming(corpus === null ? "payload" : "payloadKind");
  throw usageError(
    `${setting}: as ${recipe.encoding}, a message has at most ${limit} bytes, not ${most}`,
  );
}

/** The size of the largest message that, however it is encoded, has at most so many bytes then. */
export function largestCarried(payload: Payload | null, bytes: number): number {
  return Math.floor(bytes / maxGrowth[payload?.recipe.encoding ?? defaultEncoding]);
}

/** The mean size of a message in a corpus, in whole bytes; null where the harness makes messages of any size. */
export function corpusBytes({ corpus }: Payload): number | null {
  return corpus === null ? null : Math.round(sum(corpus.sizes) / corpus.sizes.length);
}

/** The mean size of consecutive messages of a corpus; null where all are of one size, and of none. */
export function meanBytes(
  payload: Payload | null,
  firstSequence: number,
  count: number,
): number | null {
  const sizes = payload?.corpus?.sizes;
  if (sizes === undefined || count === 0) return null;
  let bytes = 0;
  for (let sequence = firstSequence; sequence < firstSequence + count; sequence += 1) {
    bytes += sizes[bodyIndex(sequence, sizes.length)] ?? 0;
  }
  return bytes / count;
}

/** As results name it: a kind, or a file without its folder. */
function nameOf({ recipe: { content }, corpus }: Payload): string {
  if ("kind" in content) return content.kind;
  return basename(corpus?.path ?? "");
}

/** The part of a workload that says what is sent. */
export function payloadFacts(payload: Payload): RecordedPayload {
  return {
    payloadKind: nameOf(payload),
    encoding: payload.recipe.encoding,
    ...(payload.corpus !== null && { payloadSha256: payload.corpus.sha256 }),
  };
}

/** The same in a run's configuration, which has to find a corpus again. */
export function recordedPayload(payload: Payload | null): RecordedPayload {
  if (payload === null) return {};
  const { corpus } = payload;
  return { ...payloadFacts(payload), ...(corpus !== null && { payloadKind: corpus.path }) };
}

/** The payload that was recorded so. Throws a `BenchError` where its corpus has been changed or is gone. */
export function restorePayload(recorded: RecordedPayload, naming: Naming): Payload | null {
  const { payloadKind, encoding, payloadSha256 } = recorded;
  const known = encodingNames.find((name) => name === encoding);
  const payload = payloadOf({ payloadKind, encoding: known }, naming);
  const sha256 = payload?.corpus?.sha256;
  if (sha256 === payloadSha256) return payload;
  throw usageError(
    `${naming("payloadKind")}: ${payloadKind} is not what it was: its SHA-256 was ${payloadSha256}`,
  );
}

/** In a workload's few words: `json-tick as msgpack`. */
export function payloadText(payload: Payload): string {
  const { recipe, corpus } = payload;
  const where = corpus === null ? "" : ` (${corpus.sha256.slice(0, 12)})`;
  const encoding = recipe.encoding === defaultEncoding ? "" : ` as ${recipe.encoding}`;
  return `${nameOf(payload)}${where}${encoding}`;
}
