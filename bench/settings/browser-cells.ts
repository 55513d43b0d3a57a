import type { Scenario } from "../../scenarios/scenario.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { isInstalled } from "../../transports/optional-packages.ts";
import { usageError } from "../errors/errors.ts";
import { browserFiles, whyNoBrowser } from "../machine/browser-files.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { isForRelay } from "./relay-profile.ts";
import type { Variant } from "./variant.ts";

/*
 * What can be played with clients in a browser. Browsers limit what they open, and documents say how: 6 connections to a
 * host over HTTP/1.1 in both; in all 256 in Chromium, of WebSockets 255 in a tab and at least 256
 * (net/socket/client_socket_pool_manager.cc); in Firefox 900 and 200 (modules/libpref/init/StaticPrefList.yaml,
 * network.http.max-connections and network.websocket.max-connections).
 */

/** Streams of so many clients at one host leave two of its connections for what they send up. */
const clientsOfHost = 4;

/** Where they share a connection, or have one of another kind each. */
const clientsOfOneConnection = 40;

/** Beyond so many, there would be more pages than a usual machine has memory for, or no place for their sockets. */
const mostPages = 40;
const mostInBrowser = mostPages * clientsOfHost;

/** The package by which both browsers are told what to do. */
const driver = "puppeteer-core";

/** How many clients of a variant live in one page, which is at a host of its own. */
export function clientsOfPage({ bound }: Pick<Variant, "bound">): number {
  const isWebSocket = bound.wireForm?.up.by === "frames";
  return isWebSocket || isHttp2(bound.layers) ? clientsOfOneConnection : clientsOfHost;
}

/** By which of its means a page opens a stream of a transport, where it is one. */
export const streamApis: Readonly<Record<string, "EventSource" | "WebSocket" | "fetch" | "poll">> =
  {
    sse: "EventSource",
    websocket: "WebSocket",
    streaming: "fetch",
    "long-polling": "poll",
  };

/** Scenarios that do what no page can be told to. */
const notInPages: Readonly<Record<string, string>> = {
  connections: "looks for more connections than a browser opens",
  "half-open": "has clients listen for silence on their sockets",
  "slow-consumer": "has clients stop reading their sockets",
};

/** Why a cell isn't played with clients in a browser; null where it is, or where they aren't in one. */
export function whyNotInBrowser(
  { name, transport, bound }: Pick<Variant, "name" | "transport" | "bound">,
  scenario: Scenario,
  clients: number,
): string | null {
  if (scenario.usesTabs === true && (bound.browser === null || !(transport in streamApis))) {
    return `${scenario.name} opens ${Object.keys(streamApis).join(", ")} in tabs of a browser, as sse:browser does, and not ${name}`;
  }
  if (bound.browser === null) return null;
  const { title } = browserFiles[bound.browser];
  const { usesProxy, hasIntruders, failsBus, drainsServers, usesNetwork } = scenario;
  if (usesProxy === true || hasIntruders === true || failsBus === true || drainsServers === true) {
    return `${scenario.name} isn't played with clients in a browser, such as ${name}`;
  }
  if (usesNetwork === "packets")
    return `${scenario.name} is played in namespaces, and ${name} isn't`;
  const why = notInPages[scenario.name];
  if (why !== undefined) return `${scenario.name} ${why}, which ${name} can't`;
  if (clients <= mostInBrowser) return null;
  return `${scenario.name}: ${name} has at most ${mostInBrowser} clients, not ${clients}: ${mostPages} pages of one ${title}, with streams on ${clientsOfHost} of the 6 connections that it opens to a host over HTTP/1.1`;
}

/** Those variants that this machine has a browser for, and what the others lack. */
export function browsersThere(variants: readonly Variant[]): {
  readonly there: readonly Variant[];
  readonly missing: readonly string[];
} {
  const why = ({ name, bound: { browser } }: Variant): string | null => {
    if (browser === null) return null;
    const missing = whyNoBrowser(browser);
    if (missing !== null)
      return missing.startsWith("needs") ? `${name} ${missing}` : `${name}: ${missing}`;
    return isInstalled(driver) ? null : `${name} needs ${driver}: npm install ${driver}`;
  };
  const there = variants.filter((variant) => why(variant) === null);
  const missing = variants.flatMap((variant) => why(variant) ?? []);
  if (there.length === 0 && missing.length > 0) throw usageError(missing.join("; "));
  return { there, missing };
}

type Around = Pick<
  Config,
  "variants" | "target" | "servers" | "balance" | "netns" | "network" | "scenarios"
>;

/** Refuses what browsers aren't played with at all. */
export function checkBrowsers(config: Around, naming: Naming): void {
  const inBrowser = config.variants.find(({ bound }) => bound.browser !== null);
  if (inBrowser === undefined) return;
  const { target, servers, balance, netns, network } = config;
  const refuse = (setting: Parameters<Naming>[0], why: string): never => {
    throw usageError(
      `${naming("transports")}: ${inBrowser.name} and ${naming(setting)} exclude each other: ${why}`,
    );
  };
  if (target !== null) refuse("target", "its pages are at the harness's own server");
  if (servers > 1) refuse("servers", "its pages are at one server");
  if (balance !== "none") refuse("balance", "its clients have one address");
  if (netns) refuse("netns", "its pages are at localhost");
  if (network !== null && !isForRelay(network)) refuse("network", "its pages are at localhost");
}
