import * as z from "zod";
import { duration, size, wholeNumber } from "./option-values.ts";
import { maxMessageBytes } from "./transport.ts";

/*
 * Options that follow the name of any transport which can stand on them, as its own do. The harness provides what it can
 * by itself; both ends of a transport are told which layers are asked for, for what they have to do about them.
 */

const flag = z
  .literal(["true", true], { error: "an option without a value" })
  .transform(() => true as const);

const options = z.strictObject({
  /** The kind of the server's key: P-256, or RSA with 2048 bits. */
  tls: z
    .enum(["true", "ec", "rsa"], { error: "ec (P-256) or rsa (2048 bits)" })
    .transform((key) => (key === "true" ? "ec" : key))
    .optional(),
  /** Whether clients resume the TLS session of an earlier connection of their process. */
  resume: flag.optional(),
  /** Whether WebSockets compress messages with the history of those before them, or each by itself. */
  deflate: z
    .enum(["true", "takeover", "no-takeover"], {
      error:
        "takeover (a message refers to those before it) or no-takeover (each stands by itself)",
    })
    .transform((kind) => (kind === "true" ? "takeover" : kind))
    .optional(),
  /** The size from which messages are compressed; what is smaller is sent as it is. */
  threshold: size(0, maxMessageBytes).optional(),
  /** Whether answers with messages are compressed by gzip (RFC 1952). */
  gzip: flag.optional(),
  /** Whether answers with messages are compressed by Brotli (RFC 7932). */
  br: flag.optional(),
  /** How hard gzip or Brotli tries. */
  quality: wholeNumber(0, 11).optional(),
  /** Whether requests share connections, as HTTP/1.1 has it where nothing else is said. */
  keepalive: z.literal("off", { error: "off" }).optional(),
  /** The fields that heads of HTTP carry besides the transport's own: none, those of Node, or those of a browser. */
  headers: z.enum(["minimal", "node", "browser"], { error: "minimal, node or browser" }).optional(),
  /** How long the server gathers the messages for a channel, from the first on, in milliseconds. */
  batchMs: duration(1, 1_000).optional(),
});

/** The layers that a variant asks for; those that it doesn't ask for are absent. */
export type Layers = z.output<typeof options>;

export type Layer = keyof Layers;

/** What each layer is, for lists. */
export const layerSummaries: Readonly<Record<Layer, string>> = {
  tls: "TLS 1.3, with a certificate made for the run: ec (P-256), or +tls=rsa (2048 bits)",
  resume: "with +tls: clients resume the TLS session of an earlier connection",
  deflate:
    "permessage-deflate both ways, with the history of a connection, or without (+deflate=no-takeover)",
  threshold:
    "with +deflate=no-takeover: the size below which messages are sent uncompressed, 1024 by default",
  gzip: "gzip as the Content-Encoding of what the server sends, flushed after each message",
  br: "the same with Brotli",
  quality: "with +gzip (1 to 9, by default 6) or +br (0 to 11, by default 4): how hard it tries",
  keepalive: "off: a connection of its own for each poll and each message up",
  headers: "minimal, node or browser: the fields of HTTP heads besides the transport's own",
  batchMs: "20ms, say: the server gathers messages for so long and sends them as one",
};

export function isLayer(key: string): key is Layer {
  return key in options.shape;
}

export const layerNames: readonly Layer[] = Object.keys(options.shape).filter(isLayer);

/** The layers that compress what HTTP answers hold. */
export const contentLayers: readonly Layer[] = ["gzip", "br", "quality"];

/** Layers that no transport has to do anything for, so that all have them. */
const everywhere: ReadonlySet<Layer> = new Set(["tls", "resume", "batchMs"]);

/** The layers that a transport can stand on: those of all, and those that it declares. */
export function layersWith(declared: readonly Layer[]): readonly Layer[] {
  return layerNames.filter((name) => everywhere.has(name) || declared.includes(name));
}

/** Whether messages take bytes that depend on what they hold, and on those before: no theory can tell how many. */
export function isCompressed(layers: Layers): boolean {
  return layers.deflate !== undefined || layers.gzip !== undefined || layers.br !== undefined;
}

/** Layers that are no use without another. */
const needs: readonly (readonly [Layer, Layer])[] = [["resume", "tls"]];

/** Parses what a variant asks for; throws a `ZodError` for a wrong value and for layers that can't be combined. */
export const layerOptions: z.ZodType<Layers> = options.superRefine((asked, context) => {
  const refuse = (message: string): void => context.addIssue({ code: "custom", path: [], message });
  for (const [layer, needed] of needs) {
    if (asked[layer] !== undefined && asked[needed] === undefined) {
      refuse(`+${layer} needs +${needed}`);
    }
  }
  // As `ws` has it: https://github.com/websockets/ws/blob/master/doc/ws.md
  if (asked.threshold !== undefined && asked.deflate !== "no-takeover") {
    refuse(
      "+threshold needs +deflate=no-takeover: with a history, ws compresses whatever its size",
    );
  }
  const { gzip, br, quality } = asked;
  if (gzip !== undefined && br !== undefined) refuse("+gzip and +br exclude each other");
  if (quality === undefined) return;
  if (gzip === undefined && br === undefined) refuse("+quality needs +gzip or +br");
  // With zlib's 0 nothing is compressed: https://zlib.net/manual.html
  if (gzip !== undefined && (quality === 0 || quality > 9)) {
    refuse(`+quality with +gzip is a whole number from 1 to 9, not ${quality}`);
  }
});
