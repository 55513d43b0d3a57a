import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";
import { proxies } from "../proxies/index.ts";
import type { Proxy } from "../proxies/proxy.ts";
import type { ThroughCure } from "./report.ts";

/** Fields in which servers and what stands in front of them name themselves. */
export const namingFields = ["server", "via", "alt-svc", "x-cache", "x-served-by", "x-powered-by"];

/** The built-in proxies that a head names. */
export function namedProxies(fields: Readonly<Record<string, string>>): readonly Proxy[] {
  const said = [...namingFields.map((name) => fields[name]), ...varnishOwn(fields)].join(" ");
  return proxies.filter((proxy) => wordsFor(proxy).test(said));
}

/** Varnish numbers what it passes on. */
function varnishOwn(fields: Readonly<Record<string, string>>): string[] {
  return fields["x-varnish"] === undefined ? [] : ["varnish"];
}

/** As a word of its own; names have nothing that means more in a regular expression. */
function wordsFor({ name }: Proxy): RegExp {
  return new RegExp(`\\b${name}\\b`, "i");
}

/** Settings for what clients send, which is not what was tried. */
const ofUploads = /client_(?:max_)?body|request_buffering/;

/** They say nothing of themselves. */
const nameless: ReadonlySet<string> = new Set(["haproxy"]);

/** What its administrator sets against a fault, as its documentation says. */
export function settingsAgainst(kind: ProxyFaultKind, named: readonly Proxy[]): ThroughCure[] {
  const isSaid = named.length > 0;
  const possible = isSaid ? named : proxies.filter(({ name }) => nameless.has(name));
  return possible.flatMap(({ name, title = name, configurations }) =>
    (configurations.corrected.changes ?? [])
      .filter(({ setting, cures }) => cures.includes(kind) && !ofUploads.test(setting))
      .map(({ setting, source }) => ({
        what: `${isSaid ? title : `if it is ${title}`}: ${setting}`,
        by: "proxy" as const,
        helped: null,
        source,
      })),
  );
}
