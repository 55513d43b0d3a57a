import { formatMs } from "../../transports/option-values.ts";
import { layerNames, layerSummaries } from "../../transports/layers.ts";
import type { AnyTransport } from "../../transports/define-transport.ts";
import { whyNoProgram } from "../machine/program-file.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { exitCodes } from "../errors/errors.ts";
import { wrapped } from "../text/wrapped.ts";
import { knownTransports } from "../settings/adapters.ts";
import { mergedSettings } from "../settings/config-file.ts";
import { knownProxies } from "../settings/proxies.ts";
import { knownScenarios } from "../settings/known-scenarios.ts";
import { optionName } from "../settings/variant.ts";
import { textWidth } from "../text/terminal.ts";

/** `bench list`: what can be run. */
export async function list(flags: Readonly<Record<string, unknown>>): Promise<number> {
  await mergedSettings(flags, "bench list");
  const width = textWidth();
  const lines = [
    "Transports",
    ...knownTransports().flatMap((transport) => transportLines(transport, width)),
    "",
    ...wrapped(aboutVariants, "", width),
    "",
    "Layers, as options of every transport that can stand on them",
    ...layerNames.flatMap((name) => {
      const [form, about] = layerSummaries[name];
      return wrapped(about, head(form), width);
    }),
    ...wrapped("HTTP/3 and WebTransport aren't measured yet.", "", width),
    "",
    "Proxies, as +proxy=NAME or +proxy=NAME:CONFIGURATION of transports that are HTTP",
    ...knownProxies().flatMap((proxy) => wrapped(proxyText(proxy), head(proxy.name), width)),
    "",
    "Scenarios",
    ...knownScenarios().flatMap(({ name, summary, onlyWhenNamed }) =>
      wrapped(`${summary}${onlyWhenNamed === true ? exceptional : ""}`, head(name), width),
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.done;
}

const aboutVariants =
  "A variant is transport[:client][@value][+option=value]…, such as short-polling@250ms, " +
  "sse:eventsource or websocket+heartbeat=5s; @value sets the option marked with @.";

/** Said of what no run has by itself. */
const exceptional = " (only when named)";

function proxyText(proxy: Proxy): string {
  const { title, name, configurations } = proxy;
  const missing = whyNoProgram(proxy);
  const about = `${title ?? name}: ${Object.keys(configurations).join(", ")}`;
  return missing === null ? about : `${about} (${missing})`;
}

function head(name: string): string {
  return `  ${name.padEnd(14)} `;
}

function transportLines(transport: AnyTransport, width: number): string[] {
  const { options } = transport.configure("default", {});
  const shown = Object.entries(options).map(([key, value]) => {
    const text = key.endsWith("Ms") && typeof value === "number" ? formatMs(value) : String(value);
    return `${optionName(key)}${key === transport.shorthand ? "@" : ""}=${text}`;
  });
  const { name, summary, reference, onlyWhenNamed, aliases, clients } = transport;
  const role = (reference ? " (the floor)" : "") + (onlyWhenNamed ? exceptional : "");
  return [
    ...wrapped(`${summary}${role}`, head(name), width),
    ...(aliases.length === 0 ? [] : wrapped(`also called ${aliases.join(", ")}`, head(""), width)),
    ...wrapped(`clients: ${clients.join(", ")}`, head(""), width),
    ...(shown.length === 0 ? [] : wrapped(`options: ${shown.join(", ")}`, head(""), width)),
  ];
}
