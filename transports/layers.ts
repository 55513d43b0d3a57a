import * as z from "zod";

/*
 * Options that follow the name of any transport which can stand on them, as its own do. The harness provides what it can
 * by itself; both ends of a transport are told which layers are asked for, for what they have to do about them.
 */

const flag = z
  .literal(["true", true], { error: "an option without a value" })
  .transform(() => true as const);

const clientsOnOne = "a number of clients from 2 to 1000";

const options = z.strictObject({
  /** The kind of the server's key: P-256, or RSA with 2048 bits. */
  tls: z
    .enum(["true", "ec", "rsa"], { error: "ec (P-256) or rsa (2048 bits)" })
    .transform((key) => (key === "true" ? "ec" : key))
    .optional(),
  /** Whether clients resume the TLS session of an earlier connection of their process. */
  resume: flag.optional(),
  h2: flag.optional(),
  h2c: flag.optional(),
  /** How many clients of a load process are on one HTTP/2 session. */
  share: z.coerce
    .number({ error: clientsOnOne })
    .int({ error: clientsOnOne })
    .min(2, { error: clientsOnOne })
    .max(1_000, { error: clientsOnOne })
    .optional(),
});

/** The layers that a variant asks for; those that it doesn't ask for are absent. */
export type Layers = z.output<typeof options>;

export type Layer = keyof Layers;

/** What each layer is, for lists. */
export const layerSummaries: Readonly<Record<Layer, string>> = {
  tls: "TLS 1.3, with a certificate made for the run: ec (P-256), or +tls=rsa (2048 bits)",
  resume: "with +tls: clients resume the TLS session of an earlier connection",
  h2: "HTTP/2 over TLS, chosen by ALPN; +tls=rsa for another key",
  h2c: "HTTP/2 without TLS, with prior knowledge",
  share: "with +h2 or +h2c: +share=10 has that many clients of a load process on one session",
};

export function isLayer(key: string): key is Layer {
  return key in options.shape;
}

export const layerNames: readonly Layer[] = Object.keys(options.shape).filter(isLayer);

/** Layers that no transport has to do anything for, so that all have them. */
const everywhere: ReadonlySet<Layer> = new Set(["tls", "resume"]);

/** The layers that a transport can stand on: those of all, and those that it declares. */
export function layersWith(declared: readonly Layer[]): readonly Layer[] {
  return layerNames.filter((name) => everywhere.has(name) || declared.includes(name));
}

/** Layers that are no use without one of some others. */
const needs: readonly (readonly [Layer, readonly Layer[]])[] = [
  ["resume", ["tls"]],
  ["share", ["h2", "h2c"]],
];

/** Layers that can't be combined, and why. */
const excluding: readonly (readonly [Layer, Layer, string])[] = [
  ["h2", "h2c", "+h2 is HTTP/2 over TLS, +h2c without it"],
  ["tls", "h2c", "+h2c is HTTP/2 without TLS; +h2 is over TLS"],
];

/** Parses what a variant asks for; throws a `ZodError` for a wrong value and for layers that can't be combined. */
export const layerOptions: z.ZodType<Layers> = options
  // Browsers speak HTTP/2 over TLS only.
  .transform((asked) => (asked.h2 === true ? { ...asked, tls: asked.tls ?? "ec" } : asked))
  .superRefine((asked, context) => {
    const refuse = (message: string): void =>
      context.addIssue({ code: "custom", path: [], message });
    const has = (layer: Layer): boolean => asked[layer] !== undefined;
    for (const [layer, others] of needs) {
      if (!has(layer) || others.some(has)) continue;
      refuse(`+${layer} needs ${others.map((needed) => `+${needed}`).join(" or ")}`);
    }
    for (const [one, other, reason] of excluding) if (has(one) && has(other)) refuse(reason);
  });

/** The layers of transports whose clients and servers make HTTP requests by `HttpRequests` and `serveHttp`. */
export const http2Layers: readonly Layer[] = ["h2", "h2c", "share"];

/** Whether the variant speaks HTTP/2, over TLS or not. */
export function isHttp2({ h2, h2c }: Layers): boolean {
  return h2 === true || h2c === true;
}
