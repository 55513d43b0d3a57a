import { isHttp2 } from "../../transports/layers.ts";
import type { Layers } from "../../transports/layers.ts";
import { knownAre, nearest, usageError } from "../errors/errors.ts";
import { proxies } from "../proxies/index.ts";
import { isForward } from "../proxies/define-proxy.ts";
import type { Proxy, ProxyConfiguration } from "../proxies/proxy.ts";
import { npxCommand } from "../text/command-name.ts";
import { loadedAdapters } from "./adapters.ts";
import { whyNotThrough } from "./balance.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { isForRelay } from "./relay-profile.ts";
import { behindProxy, parseVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/** Every proxy: the built-in ones, then those of the files that were loaded. */
export function knownProxies(): readonly Proxy[] {
  return [...proxies, ...loadedAdapters().flatMap((adapter) => adapter.proxies)];
}

/** A proxy with one of its configurations. */
export interface ConfiguredProxy {
  readonly proxy: Proxy;
  /** The name of its configuration. */
  readonly configuration: string;
}

/** What a variant goes through; null for nothing. Throws a `BenchError` where no such proxy is known. */
export function proxyOf({ layers }: { readonly layers: Layers }): ConfiguredProxy | null {
  if (layers.proxy === undefined) return null;
  const [name = "", configuration = ""] = layers.proxy.split(":");
  const proxy = proxyNamed(name);
  configurationNamed(proxy, configuration);
  return { proxy, configuration };
}

function proxyNamed(name: string): Proxy {
  const known = knownProxies();
  const proxy = known.find((candidate) => candidate.name === name);
  if (proxy !== undefined) return proxy;
  const names = known.map((candidate) => candidate.name);
  throw usageError(
    `unknown proxy "${name}"; ${nearest(name, names)}${knownAre(names, `${npxCommand} list`)}, and those of files that --adapters names`,
  );
}

export function configurationNamed(
  { name, configurations }: Proxy,
  wanted: string,
): ProxyConfiguration {
  const found = configurations[wanted];
  // What every object has, such as a constructor, is none.
  if (found !== undefined && Object.hasOwn(configurations, wanted)) return found;
  throw usageError(
    `${name} has no configuration "${wanted}"; it has ${Object.keys(configurations).join(", ")}`,
  );
}

/** Why a variant can't go through a proxy, whatever that is told; null where it can. */
function whyNotBehind(
  { bound: { wireForm, layers } }: Pick<Variant, "bound">,
  proxy: Proxy,
): string | null {
  const { name, listen } = proxy;
  if (wireForm === null) return "isn't HTTP, which is what proxies read";
  if (isForward(proxy)) {
    return layers.resume === undefined
      ? null
      : `resumes TLS sessions, which isn't played through ${name}: leave out +resume`;
  }
  if (layers.tls !== undefined && listen.tls === null)
    return `asks for TLS, which ${name} doesn't end`;
  if (isHttp2(layers) && !listen.http2)
    return `asks for HTTP/2, which ${name} doesn't speak with clients`;
  return null;
}

/** The variant as its server has it: a forward proxy ends nothing that clients speak with that. */
export function atServer(variant: Variant): Variant {
  const through = proxyOf(variant.bound);
  return through !== null && isForward(through.proxy)
    ? behindProxy(variant, ["proxy"])
    : behindProxy(variant);
}

/** What is played for `--proxies`. */
export interface Through {
  readonly variants: readonly Variant[];
  /** What isn't played, and why, each in a sentence. */
  readonly leftOut: readonly string[];
}

/**
 * These variants, each by itself unless `isOnlyThrough`, and through each of the proxies: as the
 * distribution has that and as it should be, or in the one configuration that is named. Throws a `BenchError` where
 * nothing is left.
 */
export function variantsThrough(
  variants: readonly Variant[],
  named: readonly string[],
  isOnlyThrough: boolean,
  whyMissing: (proxy: Proxy) => string | null,
): Through {
  const leftOut: string[] = [];
  const unasked: string[] = [];
  const there = named.flatMap((text) => {
    const [name = "", wanted] = text.split(/:(.*)/, 2);
    const proxy = proxyNamed(name);
    if (wanted !== undefined) configurationNamed(proxy, wanted);
    const missing = whyMissing(proxy);
    if (missing !== null) leftOut.push(missing);
    return missing === null
      ? [{ proxy, configurations: wanted === undefined ? ["default", "corrected"] : [wanted] }]
      : [];
  });
  const played = variants.flatMap((variant) => {
    if (variant.bound.layers.proxy !== undefined) return [variant];
    const through = there.flatMap(({ proxy, configurations }) => {
      const why = whyNotBehind(variant, proxy);
      // Nobody has asked for the reference, unless for nothing else.
      if (why !== null) (variant.reference ? unasked : leftOut).push(`${variant.name} ${why}`);
      return why === null
        ? configurations.map((one) =>
            parseVariant(`${variant.name}+proxy=${proxy.name}${suffixOf(one)}`),
          )
        : [];
    });
    return isOnlyThrough ? through : [variant, ...through];
  });
  if (played.length === 0) throw usageError([...new Set([...leftOut, ...unasked])].join("; "));
  return { variants: played, leftOut: [...new Set(leftOut)] };
}

function suffixOf(configuration: string): string {
  return configuration === "default" ? "" : `:${configuration}`;
}

type Fronted = Pick<
  Config,
  "balance" | "target" | "netns" | "network" | "scenarios" | "variants" | "servers"
>;

/** Refuses what can't be played through a proxy, and what can't be played without. */
export function checkProxies(config: Fronted, naming: Naming): void {
  const { variants, scenarios } = config;
  const probing = scenarios.find(({ usesProxy }) => usesProxy === true);
  const direct = variants.find(({ bound }) => bound.layers.proxy === undefined);
  if (probing !== undefined && direct !== undefined) {
    throw usageError(
      `${naming("scenarios")}: ${probing.name} is played through a proxy, and ${direct.name} isn't; name one by +proxy, or play ${probing.name} by itself with ${naming("proxies")}`,
    );
  }
  for (const variant of variants) {
    const through = proxyOf(variant.bound);
    if (through === null) continue;
    const why = whyNotBehind(variant, through.proxy);
    if (why !== null) throw usageError(`${naming("transports")}: ${variant.name} ${why}`);
    checkFronted(variant, config, naming);
  }
}

function checkFronted({ name }: Variant, config: Fronted, naming: Naming): void {
  const { balance, target, netns, network, scenarios, servers } = config;
  const refuse = (setting: string, why: string): never => {
    throw usageError(`${naming("transports")}: ${name} and ${setting} exclude each other: ${why}`);
  };
  if (target !== null) refuse(naming("target"), "it stands in front of the harness's own server");
  if (balance !== "none") refuse(naming("balance"), "one of them is in front");
  if (servers > 1) refuse(naming("servers"), "it passes on to one server");
  if (netns || (network !== null && !isForRelay(network))) {
    refuse(naming(netns ? "netns" : "network"), "it isn't in the namespaces");
  }
  for (const scenario of scenarios) {
    const why = whyNotThrough(scenario);
    if (why !== null)
      throw usageError(`${naming("scenarios")}: ${scenario.name} ${why}; leave out ${name}`);
  }
}
