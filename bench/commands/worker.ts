import { isIP } from "node:net";
import os from "node:os";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { wholeNumber } from "../../transports/option-values.ts";
import { exitCodes } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import { versionIn } from "../files/package-files.ts";
import { environmentNow } from "../results/environment.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";
import { usingRedis } from "../workers/redis.ts";
import { readToken } from "../workers/token.ts";
import { Worker } from "../workers/worker.ts";
import { askedAgainToEnd, askedToEnd } from "./asked-to-end.ts";

/** How long connections may take to end by themselves, in milliseconds. */
const graceMs = 1_000;

const nameAllowed = "letters, digits, dots and dashes, 64 at most";
const addressesAllowed = "IP addresses of this machine, separated by commas";

const flagsSchema = z.strictObject({
  redis: z.string(),
  tokenFile: z.string().optional(),
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, nameAllowed)
    .default(os.hostname()),
  role: z
    .enum(["servers", "clients", "both"], { error: "one of servers, clients, both" })
    .default("both"),
  capacity: wholeNumber(1, 1_000).default(64),
  // Looked at before it is split, so that a message shows what was given.
  listen: z
    .string()
    .refine((text) => text.split(",").every((one) => isIP(one) !== 0), addressesAllowed)
    .default("127.0.0.1")
    .transform((text) => text.split(",")),
  quiet: z.boolean().default(false),
});

/**
 * `bench worker`: runs processes of trials for whoever plays a run, until it is asked to end: then it leaves with the
 * end of its trials, or at once when it is asked again.
 */
export async function worker(given: Readonly<Record<string, unknown>>): Promise<number> {
  const flags = parsedBy(flagsSchema, given, asFlag);
  const { redis: url, name, capacity, role, listen, quiet } = flags;
  const token = readToken(flags.tokenFile, asFlag("tokenFile"));
  const say = (line: string): void => {
    if (!quiet) process.stdout.write(`${line}\n`);
  };
  const environment = await environmentNow();
  const itself = { name, capacity, role, listen, environment };
  const options = { ...itself, token, version: versionIn(), said: say };
  await using joined = await usingRedis(url, asFlag("redis"), (redis) =>
    Worker.join(redis, options),
  );
  say(`worker ${joined.name} is there for runs on ${withoutSecrets(url)}`);
  await Promise.race([askedToEnd(), joined.failed]);
  const again = askedAgainToEnd();
  say("leaving when the trials that it has part in have ended; ask again to end them at once");
  await Promise.race([joined.leave(), again]);
  await joined[Symbol.asyncDispose]();
  // A connection to a Redis that answers nothing may stay, and would keep this process.
  void setTimeout(graceMs, null, { ref: false }).then(() => process.exit(exitCodes.done));
  return exitCodes.done;
}
