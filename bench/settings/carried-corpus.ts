import { usageError } from "../errors/errors.ts";
import { bodiesOfCorpus } from "../payloads/corpus.ts";
import { encodingNames, encodingOf } from "../payloads/encodings.ts";
import type { EncodingName } from "../payloads/encodings.ts";
import type { Bodies } from "../payloads/message.ts";
import { asFlag } from "./naming.ts";
import type { Naming } from "./naming.ts";
import type { Payload } from "./payload.ts";

/**
 * Throws a `BenchError` unless each message of a corpus comes back from its encoding as it was: a server would be
 * blamed for what the encoding loses.
 */
export async function checkCarried(payload: Payload | null, naming: Naming): Promise<void> {
  if (payload === null || !("lines" in payload.recipe.content)) return;
  const { content, encoding } = payload.recipe;
  const bodies = bodiesOfCorpus(content.lines);
  const loss = await lossBy(encoding, bodies);
  if (loss === null) return;
  const able: string[] = [];
  for (const name of encodingNames) if ((await lossBy(name, bodies)) === null) able.push(name);
  throw usageError(
    `${naming("payloadKind")}: ${payload.corpus?.path}, message ${loss.index + 1}, can't be sent as ${encoding}: ` +
      `${loss.why}; ${able.length > 0 ? `${asFlag("encoding")} ${able.join(" or ")} can` : "no encoding can"}`,
  );
}

/** The first message that an encoding can't carry, and why; null where it carries all. */
async function lossBy(
  name: EncodingName,
  { shape, bodies }: Bodies,
): Promise<{ index: number; why: string } | null> {
  const codec = await encodingOf(name).load(shape);
  for (const [index, body] of bodies.entries()) {
    try {
      const back = codec.decode(codec.encode(body));
      if (!isSame(body, back)) return { index, why: "it comes back with another value" };
    } catch (error) {
      return { index, why: error instanceof Error ? error.message : String(error) };
    }
  }
  return null;
}

/** Whether two values are the same as JSON knows them: it has one zero. */
function isSame(one: unknown, other: unknown): boolean {
  if (!isCompound(one) || !isCompound(other)) return one === other;
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame(Reflect.get(one, key), Reflect.get(other, key)))
  );
}

function isCompound(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
