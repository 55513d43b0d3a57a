import { readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { asError } from "../../transports/protocol-error.ts";
import { origin, wholeNumber } from "../../transports/option-values.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";
import { settingsSchema } from "../settings/config.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import type { BenchError } from "../errors/errors.ts";
import { askedToEnd } from "./asked-to-end.ts";
import { identityOf } from "../layers/certificate.ts";
import { certifiedName } from "../layers/tls.ts";
import type { Identity } from "../layers/tls.ts";
import { urlAt } from "../measure/dialler.ts";
import { portOf } from "../measure/listen.ts";
import { CountedListener } from "../measure/listener.ts";
import type { ListenOptions } from "../measure/listener.ts";
import { guardsOf } from "../../transports/guards.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { ServerFaults } from "../processes/server-faults.ts";
import { faultIn } from "../settings/fault.ts";
import { answeringPath, openAnsweringEnd } from "../through/answering-end.ts";
import { oneVariant } from "../settings/one-variant.ts";

const flagsSchema = z.strictObject({
  transport: z.string().optional(),
  through: z.literal(true).optional(),
  port: wholeNumber(0, 65_535).optional(),
  adapters: settingsSchema.shape.adapters,
  allowOrigin: z.array(origin).optional(),
  certificate: z.string().optional(),
});

/** A server whose clients don't let go is ended all the same. */
const graceMs = 500;

const loopback = "127.0.0.1";

/** `bench serve`: a built-in transport's server by itself, until it is asked to end. */
export async function serve(given: Readonly<Record<string, unknown>>): Promise<number> {
  const flags = parsedBy(flagsSchema, { port: process.env["PORT"], ...given }, asFlag);
  if (flags.through === true) return await serveAnswers(flags);
  const { transport, adapters = [], port = 0, allowOrigin: origins = [], certificate } = flags;
  if (transport === undefined) throw usageError("--transport, or --through, says what to serve");
  const { name, bound } = await oneVariant(transport, adapters);
  if (!bound.hasServer) throw usageError(`--transport: ${name} has no server of its own`);
  const faults = new ServerFaults(faultIn(process.env));
  const { tls } = bound.layers;
  const identity = tls === undefined ? null : await identityOf(tls);
  if (certificate !== undefined) await write(certificate, identity);
  await bound.prepareToServe();
  const options = {
    port,
    origins,
    identity,
    isHttp2: isHttp2(bound.layers),
    guards: guardsOf(bound.layers),
  };
  await using listener = await openListener(options);
  await using server = bound.serve(listener, {
    // What comes up on a channel goes back down on it.
    message: (channel, payload) => server.publish(channel, payload),
  });
  // Here nothing tells which phase is measured: messages count from the first.
  faults.mount(server, listener.http);
  faults.begin(true);
  const url = urlAt(identity === null ? loopback : certifiedName, listener.port, identity !== null);
  process.stdout.write(`${url.origin}\n`);
  await askedToEnd();
  // Clients that stay connected would keep the listener open.
  void setTimeout(graceMs, null, { ref: false }).then(() => process.exit(exitCodes.done));
  return exitCodes.done;
}

const onlyOfTransports = ["transport", "adapters", "allowOrigin", "certificate"] as const;

/** The answering end of `bench doctor --through`, until it is asked to end. */
async function serveAnswers(flags: z.infer<typeof flagsSchema>): Promise<number> {
  const idle = onlyOfTransports.find((key) => flags[key] !== undefined);
  if (idle !== undefined) throw usageError(`${asFlag(idle)} has no effect with --through`);
  const { port = 0 } = flags;
  const server = await openAnsweringEnd(port, loopback).catch((error: unknown) => {
    throw cantListen(port, error);
  });
  process.stdout.write(`${urlAt(loopback, portOf(server)).origin}${answeringPath}\n`);
  await askedToEnd();
  server.close();
  server.closeAllConnections();
  // Connections that were upgraded are no longer the server's.
  void setTimeout(graceMs, null, { ref: false }).then(() => process.exit(exitCodes.done));
  return exitCodes.done;
}

function cantListen(port: number, error: unknown): BenchError {
  return usageError(`--port: can't listen on ${port}: ${asError(error).message}`);
}

async function openListener(options: ListenOptions): Promise<CountedListener> {
  try {
    return await CountedListener.open([loopback], options);
  } catch (error) {
    throw cantListen(options.port ?? 0, error);
  }
}

/** Writes the certificate, over an earlier one at most. */
async function write(path: string, identity: Identity | null): Promise<void> {
  if (identity === null) throw usageError("--certificate has no effect without +tls or +h2");
  try {
    const there = await readFile(path, "utf8").catch(() => "");
    if (there !== "" && !there.startsWith("-----BEGIN CERTIFICATE-----")) {
      throw new Error("there is something else, which it would replace");
    }
    await writeFile(path, identity.certificate);
  } catch (error) {
    throw usageError(`--certificate: can't write ${path}: ${asError(error).message}`);
  }
}
