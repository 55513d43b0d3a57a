import * as z from "zod";
import { pageOrigin } from "./chromium-fields.ts";
import { guardNames, guardOptions } from "./guards.ts";
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
  /** Whether each connection resumes the TLS session of an earlier one of its process. */
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
  /** HTTP/2 over TLS. */
  h2: flag.optional(),
  /** HTTP/2 without TLS. */
  h2c: flag.optional(),
  /** How many clients of a load process are on one HTTP/2 session. */
  share: wholeNumber(2, 1_000).optional(),
  /** What stands between clients and server: a proxy by its name, and one of its configurations behind a colon. */
  proxy: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?$/, {
      error: "the name of a proxy, or nginx:corrected for one of its configurations",
    })
    .transform((text) => (text.includes(":") ? text : `${text}:default`))
    .optional(),
  ...guardOptions,
});

/** The layers that a variant asks for; those that it doesn't ask for are absent. */
export type Layers = z.output<typeof options>;

export type Layer = keyof Layers;

/** How each layer is asked for, and what it is, for lists. */
export const layerSummaries: Readonly<Record<Layer, readonly [form: string, about: string]>> = {
  tls: [
    "+tls",
    "TLS 1.3, with a certificate made for the run: EC (P-256), or RSA (2048 bits) by +tls=rsa",
  ],
  resume: [
    "+resume",
    "with +tls: each connection resumes the TLS session of an earlier one of its process",
  ],
  deflate: [
    "+deflate",
    "permessage-deflate both ways, with the history of a connection, or without by +deflate=no-takeover",
  ],
  threshold: [
    "+threshold=N",
    "with +deflate=no-takeover: the size below which messages are sent uncompressed, 1024 by default",
  ],
  gzip: [
    "+gzip",
    "gzip as the Content-Encoding of what the server sends, flushed after each message",
  ],
  br: ["+br", "the same with Brotli"],
  quality: [
    "+quality=N",
    "with +gzip (1 to 9, by default 6) or +br (0 to 11, by default 4): how hard it tries",
  ],
  keepalive: [
    "+keepalive=off",
    "a connection of its own for each poll, each message up and each request",
  ],
  headers: [
    "+headers=KIND",
    "the fields of HTTP heads besides the transport's own: minimal, node (as without it) or browser",
  ],
  batchMs: ["+batch=20ms", "the server gathers messages for so long and sends them as one"],
  h2: ["+h2", "HTTP/2 over TLS, chosen by ALPN"],
  h2c: ["+h2c", "HTTP/2 without TLS, with prior knowledge"],
  share: ["+share=N", "with +h2 or +h2c: so many clients of a load process are on one session"],
  proxy: [
    "+proxy=NAME",
    "through nginx or another proxy as the distribution has it, or by +proxy=nginx:corrected as it should be",
  ],
  payloadBytes: ["+payloadBytes=64KiB", "the longest message that a client may send up"],
  perAddress: ["+perAddress=N", "the most connections of one address that are open at once"],
  perSecond: [
    "+perSecond=N",
    "the most requests, frames or packets that may come on a connection in a second",
  ],
  origins: [
    "+origins=URL",
    "the only origins whose pages may ask, such as https://app.example, separated by spaces",
  ],
  token: ["+token=TEXT", "the bearer token that each request and handshake must carry"],
  requestMs: ["+request=5s", "how long a request or handshake may take to arrive"],
  idleMs: ["+idle=30s", "how long a connection may stay on which nothing is asked for"],
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

/** Why there is no theory where messages are compressed. */
export const compressedContents = "with compression, bytes depend on what messages hold";

/** Whether messages take bytes that depend on what they hold, and on those before: no theory can tell how many. */
export function isCompressed(layers: Layers): boolean {
  return layers.deflate !== undefined || layers.gzip !== undefined || layers.br !== undefined;
}

/** The layers of transports that speak HTTP by `serveHttp`, and whose clients have a session by `sessionAt`. */
export const http2Layers: readonly Layer[] = ["h2", "h2c", "share"];

/** The layers of servers that mount by `serveHttp`, which keeps these limits: see `Guards`. */
export const guardLayers: readonly Layer[] = guardNames;

/** Whether the variant speaks HTTP/2, over TLS or not. */
export function isHttp2({ h2, h2c }: Layers): boolean {
  return h2 === true || h2c === true;
}

/** The layers that are between clients and a proxy: the server behind it knows nothing of them. */
export const frontLayers: readonly Layer[] = ["tls", "resume", "h2", "h2c", "share", "proxy"];

/** Layers that are no use without one of some others. */
const needs: readonly (readonly [Layer, readonly Layer[]])[] = [
  ["resume", ["tls"]],
  ["share", ["h2", "h2c"]],
  ["quality", ["gzip", "br"]],
];

type Exclusion = readonly [Layer, Layer, string];

/** Layers that can't be combined, and why. */
const excluding: readonly Exclusion[] = [
  ["h2", "h2c", "+h2 is HTTP/2 over TLS, +h2c without it"],
  ["tls", "h2c", "+h2c is HTTP/2 without TLS; +h2 is over TLS"],
  ["gzip", "br", "+gzip and +br exclude each other"],
  ["proxy", "h2c", "+proxy speaks HTTP/2 over TLS with clients: by +h2"],
  [
    "proxy",
    "perAddress",
    "behind +proxy, a server sees one address only, which +perAddress limits",
  ],
  ["perSecond", "share", "+perSecond is for a connection, which +share has several clients on"],
  http1Only("h2"),
  http1Only("h2c"),
];

function http1Only(http2: "h2" | "h2c"): Exclusion {
  return ["keepalive", http2, `+${http2} keeps its connections: +keepalive=off is for HTTP/1.1`];
}

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
    // As `ws` has it: https://github.com/websockets/ws/blob/master/doc/ws.md
    if (has("threshold") && asked.deflate !== "no-takeover") {
      refuse(
        "+threshold needs +deflate=no-takeover: with a history, ws compresses whatever its size",
      );
    }
    const { gzip, quality } = asked;
    // With zlib's 0 nothing is compressed: https://zlib.net/manual.html
    if (gzip !== undefined && quality !== undefined && (quality === 0 || quality > 9)) {
      refuse(`+quality with +gzip is a whole number from 1 to 9, not ${quality}`);
    }
    const { headers, origins } = asked;
    const page = has("h2") ? pageOrigin.replace("http:", "https:") : pageOrigin;
    if (headers === "browser" && origins?.includes(page) === false) {
      refuse(`+headers=browser is that of a page of ${page}, which +origins has to name`);
    }
  });
