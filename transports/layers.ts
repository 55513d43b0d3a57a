import * as z from "zod";
import { duration } from "./option-values.ts";

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
  keepalive: "off: a connection of its own for each poll and each message up",
  headers: "minimal, node or browser: the fields of HTTP heads besides the transport's own",
  batchMs: "20ms, say: the server gathers messages for so long and sends them as one",
};

export function isLayer(key: string): key is Layer {
  return key in options.shape;
}

export const layerNames: readonly Layer[] = Object.keys(options.shape).filter(isLayer);

/** Layers that no transport has to do anything for, so that all have them. */
const everywhere: ReadonlySet<Layer> = new Set(["tls", "resume", "batchMs"]);

/** The layers that a transport can stand on: those of all, and those that it declares. */
export function layersWith(declared: readonly Layer[]): readonly Layer[] {
  return layerNames.filter((name) => everywhere.has(name) || declared.includes(name));
}

/** Layers that are no use without another. */
const needs: readonly (readonly [Layer, Layer])[] = [["resume", "tls"]];

/** Parses what a variant asks for; throws a `ZodError` for a wrong value and for layers that can't be combined. */
export const layerOptions: z.ZodType<Layers> = options.superRefine((asked, context) => {
  for (const [layer, needed] of needs) {
    if (asked[layer] === undefined || asked[needed] !== undefined) continue;
    context.addIssue({ code: "custom", path: [], message: `+${layer} needs +${needed}` });
  }
});
