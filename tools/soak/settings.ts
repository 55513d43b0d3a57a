import { fileURLToPath } from "node:url";
import * as z from "zod";
import { builtFile } from "../../bench/files/package-files.ts";
import { parsedFlags } from "../prove/flags.ts";

/** The flags of `npm run soak`. */
const flagsSchema = z.object({
  minutes: z.coerce.number().min(2).max(60),
  cutEvery: z.coerce.number().min(2).max(600),
  transports: z
    .string()
    .min(1)
    .transform((names) => names.split(",")),
  network: z.string().min(1),
  clients: z.coerce.number().int().min(1).max(10_000),
  rate: z.coerce.number().min(1).max(1_000),
  out: z.string().min(1).optional(),
  from: z.string().min(1).optional(),
  docs: z.string().min(1).optional(),
});

export type SoakSettings = z.infer<typeof flagsSchema>;

export function soakSettings(given: unknown): SoakSettings {
  return parsedFlags(flagsSchema, given);
}

/** One `bench run` of a soak. */
export interface PlannedRun {
  readonly name: string;
  readonly args: readonly string[];
}

/** Who is soaked over a network of packets, beside all that are soaked without one. */
const overPackets = "websocket";

/** Servers keep so many messages for clients that come back. By default it would take half an hour to fill their logs. */
const log = "+logMessages=1000";

const scenario = fileURLToPath(builtFile("tools/soak/cuts.js"));

/** All that a soak runs at once: each transport, and one more over a network of packets. */
export function plannedRuns(settings: SoakSettings): PlannedRun[] {
  const { minutes, cutEvery, transports, network, clients, rate } = settings;
  const common = [
    "--scenarios",
    scenario,
    "--trials",
    "1",
    "--extra-trials",
    "0",
    "--duration",
    `${minutes * 60}s`,
    "--cut-every",
    `${cutEvery}s`,
    "--clients",
    `${clients}`,
    "--rate",
    `${rate}`,
  ];
  return [
    ...transports.map((name) => ({ name, args: [...common, "--transports", `${name}${log}`] })),
    ...(network === "none"
      ? []
      : [
          {
            name: `${overPackets} over ${network}`,
            args: [...common, "--transports", `${overPackets}${log}`, "--network", network],
          },
        ]),
  ];
}
