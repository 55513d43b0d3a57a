import { isHttp2 } from "../../transports/layers.ts";
import { usageError } from "../errors/errors.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { isForRelay } from "./relay-profile.ts";
import type { Variant } from "./variant.ts";

/** Whether what a variant sends is no HTTP/1.1 to who stands in between, or encrypted: it can be passed on as bytes. */
export function readsBytes({ reference, bound: { layers } }: Variant): boolean {
  return reference || layers.tls !== undefined || isHttp2(layers);
}

/** Why bytes of messages aren't told beforehand. */
export const behindFront =
  "bytes are counted at servers, to which the program in front of them sends heads of its own";

type Balanced = Pick<
  Config,
  "servers" | "balance" | "target" | "netns" | "network" | "scenarios" | "variants"
>;

/** Refuses what can't be played through a balancer. */
export function checkBalance(config: Balanced, naming: Naming): void {
  const { balance, target, netns, network, scenarios, variants, servers } = config;
  const draining = scenarios.find(({ drainsServers }) => drainsServers === true)?.name;
  if (draining !== undefined && (balance === "none" || servers < 2)) {
    throw usageError(
      `${naming("scenarios")}: ${draining} restarts one of several servers behind a balancer: give ${naming("balance")} nginx or haproxy${servers < 2 ? `, and ${naming("servers")} 2 or more` : ""}`,
    );
  }
  if (balance === "none") return;
  const setting = naming("balance");
  if (target !== null) {
    throw usageError(
      `${setting} and ${naming("target")} exclude each other: name your own balancer by ${naming("target")}`,
    );
  }
  if (process.platform !== "linux") {
    throw usageError(`${setting} needs Linux, where each client has a loopback address of its own`);
  }
  if (netns || (network !== null && !isForRelay(network))) {
    const apart = naming(netns ? "netns" : "network");
    throw usageError(
      `${setting} and ${apart} exclude each other: a balancer knows clients by addresses of their own, which namespaces don't have`,
    );
  }
  for (const { name, ...scenario } of scenarios) {
    const why = whyNotThrough(scenario);
    if (why !== null) throw usageError(`${setting}: ${name} ${why}; leave it out`);
  }
  const limited = variants.find(({ bound }) => bound.layers.perAddress !== undefined);
  if (limited !== undefined) {
    throw usageError(
      `${setting}: servers see the balancer's address only, and ${limited.name} limits its connections; leave out +perAddress`,
    );
  }
  const encrypted = variants.find(readsBytes);
  if (balance === "nginx" && encrypted !== undefined) {
    throw usageError(
      `${setting} nginx passes on HTTP/1.1 without TLS, and ${encrypted.name} isn't that; leave it out, or name haproxy`,
    );
  }
}

/** Why a scenario can't be played through a balancer; null where it can. */
export function whyNotThrough({
  usesNetwork,
  searches,
  hasIntruders,
}: Pick<Config["scenarios"][number], "usesNetwork" | "searches" | "hasIntruders">): string | null {
  if (usesNetwork === "packets") return "is played in namespaces, where clients share an address";
  if (searches === true) return "looks for what servers hold, and a balancer ends that before";
  if (hasIntruders === true) return "tries the limits of servers, which a balancer keeps from them";
  return null;
}
