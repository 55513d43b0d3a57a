import { scenarios } from "../../scenarios/index.ts";
import { formatMs } from "../../transports/option-values.ts";
import { transports } from "../../transports/index.ts";
import type { AnyTransport } from "../../transports/transport.ts";
import { exitCodes } from "../errors.ts";
import { optionName } from "../variant.ts";

/** `bench list`: what can be run. */
export async function list(): Promise<number> {
  const lines = [
    "Transports",
    ...transports.flatMap(transportLines),
    "",
    "A variant is transport[:client][@value][+option=value]…, such as short-polling@250ms,",
    "sse:eventsource or websocket+heartbeat=5s; @value sets the option marked with @.",
    "",
    "Scenarios",
    ...scenarios.map(
      ({ name, summary, onlyWhenNamed }) =>
        `  ${name.padEnd(14)} ${summary}${onlyWhenNamed === true ? " (only when named)" : ""}`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.done;
}

function transportLines(transport: AnyTransport): string[] {
  const { options } = transport.configure("default", {});
  const shown = Object.entries(options).map(([key, value]) => {
    const text = key.endsWith("Ms") && typeof value === "number" ? formatMs(value) : String(value);
    return `${optionName(key)}${key === transport.shorthand ? "@" : ""}=${text}`;
  });
  return [
    `  ${transport.name.padEnd(14)} ${transport.summary}${transport.reference ? " (the floor)" : ""}`,
    ...(transport.aliases.length === 0
      ? []
      : [`  ${"".padEnd(14)} also called ${transport.aliases.join(", ")}`]),
    `  ${"".padEnd(14)} clients: ${transport.clients.join(", ")}`,
    `  ${"".padEnd(14)} options: ${shown.join(", ")}`,
  ];
}
