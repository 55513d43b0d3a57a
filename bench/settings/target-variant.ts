import { logOptions } from "../../transports/channels.ts";
import { slowOptions } from "../../transports/slow-policy.ts";
import { layerNames } from "../../transports/layers.ts";
import type { Layer } from "../../transports/layers.ts";
import { usageError } from "../errors/errors.ts";
import { asFlag } from "./naming.ts";
import { allTargets, isSecure, withoutPath } from "./target.ts";
import type { ServerTarget } from "./target.ts";
import { optionName, parseVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/** What clients and a server of the user's own agree on by themselves, or is the clients' alone. */
const agreed: ReadonlySet<Layer> = new Set([
  ...(["tls", "resume", "keepalive", "h2", "h2c", "share"] as const),
  ...(["deflate", "threshold", "gzip", "br", "headers"] as const),
]);

/**
 * Refuses what would be measured under a wrong name with the user's own server. Heartbeats, holds and intervals are
 * allowed, since they tell clients what to expect of it. Throws a `BenchError`.
 */
export function checkForTarget(
  variant: Variant,
  target: Pick<ServerTarget, "url" | "path" | "others" | "request">,
): Variant {
  const reason =
    whyNotAsked(variant, target) ??
    whyNotCounted(variant) ??
    whyIdle(variant) ??
    whyNotAt(target.url, variant);
  if (reason === null) return variant;
  throw usageError(`${variant.name}: ${reason}`);
}

/** The same for each server of the user's fleet. */
export function checkForTargets(variant: Variant, target: ServerTarget): Variant {
  for (const one of allTargets(target)) checkForTarget(variant, one);
  return variant;
}

/** An endpoint that is asked as it is has a path of its own, and takes what the user says. */
function whyNotAsked(
  { bound: { asIs } }: Variant,
  { url, path, request, others }: Pick<ServerTarget, "url" | "path" | "others" | "request">,
): string | null {
  if (!asIs && path !== undefined) return `${url} has a path, and is not ${withoutPath}`;
  if (!asIs && request !== undefined) {
    return `${asFlag("request")} is for endpoints that are asked as they are, such as by openai`;
  }
  if (asIs && request === undefined) {
    return `asks with a body of yours; name its file by ${asFlag("request")} of bench run`;
  }
  return asIs && others !== undefined ? "asks one endpoint; name one" : null;
}

/** Of polls whose purpose a relay can't tell, the bytes would be attributed to nothing. */
function whyNotCounted({ adapter, bound: { delivery, classify } }: Variant): string | null {
  if (delivery === "push" || classify !== null) return null;
  return adapter === undefined
    ? `the bytes of its polls can be counted for the built-in server only, not with ${asFlag("target")}`
    : `the bytes of its polls can't be counted with ${asFlag("target")}, since it has no classify`;
}

/** Clients don't see a server's log, and other layers are those of the harness's own listener. */
function whyIdle({ transport, bound: { options, layers } }: Variant): string | null {
  if (layers.tls === "rsa") return "which key the server has is its own affair; name it +tls";
  if (layers.batchMs !== undefined) {
    return "what the server sends as one is its own affair, and measured as it is; name it without +batch";
  }
  const defaults = parseVariant(transport).bound.options;
  const others = layerNames.filter((layer) => !agreed.has(layer));
  const ofServers = [...Object.keys(logOptions), ...Object.keys(slowOptions)];
  const idle = [...ofServers, ...others].find((key) => options[key] !== defaults[key]);
  if (idle === undefined) return null;
  return `${optionName(idle)} applies to the built-in servers and has no effect with ${asFlag("target")}`;
}

/** A variant's name says whether it is measured over TLS, and over which HTTP. */
function whyNotAt(url: string, { name, bound: { layers } }: Variant): string | null {
  const isOverTls = layers.tls !== undefined;
  if (isOverTls === isSecure(url)) return null;
  if (isOverTls) return `${url} is without TLS; give https://`;
  return layers.h2c === true
    ? `${url} is over TLS; name it +h2 instead of +h2c`
    : `${url} is over TLS; name it ${name}+tls`;
}
