import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { settingsAgainst } from "./known-proxies.ts";
import type { Asked } from "./look.ts";
import type { ThroughCure } from "./report.ts";

/** What was tried, then what the proxies that name themselves have for it. */
export function curesFor(
  kind: ProxyFaultKind,
  { tried }: Asked,
  named: readonly Proxy[],
): ThroughCure[] {
  const own = tried
    .filter(({ cure }) => cure.cures.includes(kind))
    .map(({ cure, helped }) => ({
      what: cure.what,
      by: "application" as const,
      helped: helped.includes(kind),
      source: null,
    }));
  const helping = own.filter(({ helped }) => helped);
  return [...helping, ...settingsAgainst(kind, named), ...own.filter(({ helped }) => !helped)];
}
