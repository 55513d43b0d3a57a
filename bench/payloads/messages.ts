import { Envelope } from "./envelope.ts";
import { EncodedMessages } from "./encoded-messages.ts";
import { bodiesOfCorpus } from "./corpus.ts";
import { encodingOf } from "./encodings.ts";
import type { EncodingName } from "./encodings.ts";
import { bodiesOf } from "./kinds.ts";
import type { KindName } from "./kinds.ts";
import type { Messages } from "./message.ts";

/** Other messages than the default ones: what a process needs to make them. */
export interface PayloadRecipe {
  readonly content:
    | { readonly kind: KindName }
    /** The lines of a corpus. */
    | { readonly lines: readonly string[] };
  readonly encoding: EncodingName;
}

export interface MessageParameters {
  /** The size of a message itself, before its encoding; a corpus has its own. */
  readonly payloadBytes: number;
  readonly seed: number;
  /** The harness's own text, the same in every message, where left out. */
  readonly payload?: PayloadRecipe | undefined;
}

/** `binary` is whether the transport carries any bytes; otherwise binary encodings become base64. */
export async function messagesFor(
  { payloadBytes, seed, payload }: MessageParameters,
  carrier: { readonly binary: boolean },
): Promise<Messages> {
  if (payload === undefined) return new Envelope(payloadBytes, seed);
  const { content, encoding } = payload;
  const { shape, bodies } =
    "lines" in content ? bodiesOfCorpus(content.lines) : bodiesOf(content.kind, payloadBytes, seed);
  const { asBase64, load } = encodingOf(encoding);
  const codec = await load(shape);
  return new EncodedMessages(bodies, codec, asBase64 || (codec.binary && !carrier.binary));
}
