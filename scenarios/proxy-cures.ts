import type { Answering, Heartbeats } from "./scenario.ts";
import type { ProxyFaultKind } from "./proxy-faults.ts";

/** What an application can do about what a proxy does, without access to that. */
export interface Cure {
  /** As it is told: `X-Accel-Buffering: no`. */
  readonly name: string;
  /** The faults that it may cure. */
  readonly kinds: readonly ProxyFaultKind[];
  /** How its server answers, and beats; one of both. */
  readonly apply: Answering | { readonly heartbeats: Heartbeats };
  /** Whether streams have to be of a format that can be padded. */
  readonly pads?: true;
}

function field(name: string, value: string, kinds: readonly ProxyFaultKind[]): Cure {
  return { name: `${name}: ${value}`, kinds, apply: { fields: { [name]: value } } };
}

function padding(kibibytes: number): Cure {
  return {
    name: `${kibibytes} KiB of padding at the beginning`,
    kinds: ["head", "buffered"],
    apply: { paddingBytes: kibibytes * 1_024 },
    pads: true,
  };
}

/** In the order in which a developer tries them: what costs nothing comes first. */
export const cures: readonly Cure[] = [
  // https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  field("X-Accel-Buffering", "no", ["head", "buffered", "delayed"]),
  // RFC 9111, section 5.2.2.6
  field("Cache-Control", "no-cache, no-transform", ["head", "buffered", "delayed", "compressed"]),
  // Some proxies pass on at once what they know to be a stream of events.
  field("Content-Type", "text/event-stream", ["head", "buffered", "delayed"]),
  padding(2),
  padding(64),
  {
    name: "a heartbeat every second",
    kinds: ["gone-client"],
    apply: { heartbeats: { everyMs: 1_000, timeoutMs: 1_000, missesAllowed: 0 } },
  },
];

/** Those that may help, in their order. */
export function curesFor(kind: ProxyFaultKind, { pads }: { readonly pads: boolean }): Cure[] {
  return cures.filter((cure) => cure.kinds.includes(kind) && (pads || cure.pads !== true));
}

/** Whether its server answers otherwise. */
export function isAnswering(apply: Cure["apply"]): apply is Answering {
  return !("heartbeats" in apply);
}
