import type { Layer } from "../../transports/layers.ts";
import { optionName } from "../settings/variant.ts";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { wholeNumber } from "../../transports/option-values.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";
import { settingsSchema } from "../settings/config.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { outlivesTerminal } from "./hang-up.ts";
import { CountedListener } from "../measure/listener.ts";
import { ServerFaults } from "../processes/server-faults.ts";
import { faultIn } from "../settings/fault.ts";
import { oneVariant } from "../settings/one-variant.ts";

const flagsSchema = z.strictObject({
  transport: z.string(),
  port: wholeNumber(0, 65_535).optional(),
  adapters: settingsSchema.shape.adapters,
  allowOrigin: z.array(origin()).optional(),
});

/** The origin of a web page (RFC 6454): a scheme, a host and a port; comes out as a browser sends it. */
function origin(): z.ZodType<string> {
  const allowed = "an origin such as http://app.example:8080";
  return z.string().transform((given, context) => {
    const url = URL.canParse(given) ? new URL(given) : null;
    if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) {
      return url.origin;
    }
    context.addIssue({ code: "custom", message: allowed });
    return z.NEVER;
  });
}

/** A server whose clients don't let go is ended all the same. */
const graceMs = 500;

const loopback = "127.0.0.1";

/** What a run puts between both ends by itself, and isn't the transport's. */
const harnessLayers: readonly Layer[] = ["tls", "resume", "h2", "h2c", "share", "batchMs"];

/** `bench serve`: a built-in transport's server by itself, until it is asked to end. */
export async function serve(given: Readonly<Record<string, unknown>>): Promise<number> {
  const flags = parsedBy(flagsSchema, { port: process.env["PORT"], ...given }, asFlag);
  const { transport, adapters = [], port = 0, allowOrigin = [] } = flags;
  const { name, bound } = await oneVariant(transport, adapters);
  const unserved = harnessLayers.find((layer) => bound.layers[layer] !== undefined);
  if (unserved !== undefined) {
    const layer = optionName(unserved);
    throw usageError(
      `--transport: ${name}: +${layer} is only there in a run, between its own processes`,
    );
  }
  if (!bound.hasServer) throw usageError(`--transport: ${name} has no server of its own`);
  const faults = new ServerFaults(faultIn(process.env));
  await bound.prepareToServe();
  await using listener = await openListener(port, allowOrigin);
  await using server = bound.serve(listener, {
    // What comes up on a channel goes back down on it.
    message: (channel, payload) => server.publish(channel, payload),
  });
  // Here nothing tells which phase is measured: messages count from the first.
  faults.mount(server, listener.http);
  faults.begin(true);
  process.stdout.write(`http://${loopback}:${listener.port}\n`);
  await askedToEnd();
  // Clients that stay connected would keep the listener open.
  void setTimeout(graceMs, null, { ref: false }).then(() => process.exit(exitCodes.done));
  return exitCodes.done;
}

async function openListener(port: number, origins: readonly string[]): Promise<CountedListener> {
  try {
    return await CountedListener.open([loopback], { port, origins });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`--port: can't listen on ${port}: ${reason}`);
  }
}

function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
    process.on("SIGHUP", () => {
      if (!outlivesTerminal()) resolve();
    });
  });
}
