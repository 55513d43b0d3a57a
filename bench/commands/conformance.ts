import * as z from "zod";
import { duration } from "../../transports/option-values.ts";
import { settingsSchema } from "../settings/config.ts";
import { readConfigFile } from "../settings/config-file.ts";
import { casesOf, conform, conforms } from "../conformance/conform.ts";
import { conclusionText, outcomeText } from "../conformance/outcome-text.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { answeringAddress } from "../processes/connect-to-target.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";
import { admittedTarget } from "../settings/target.ts";
import { oneVariant } from "../settings/one-variant.ts";

export interface ConformanceFlags {
  readonly transport: string;
  readonly adapters?: string;
  readonly timeLimit: string;
  readonly config?: string;
  readonly json?: boolean;
}

const flagsSchema = z.object({
  timeLimit: duration(100, 600_000),
  adapters: settingsSchema.shape.adapters,
});

/** A client that polls sees a message an interval later, and no case takes more of these in turn. */
const intervalsOfACase = 10;

/** `bench conformance`: checks a running server against a wire format, case by case. */
export async function conformance(url: string, flags: ConformanceFlags): Promise<number> {
  const { timeLimit: timeLimitMs, adapters } = parsedBy(flagsSchema, flags, asFlag);
  const { allowTargets, settings } = await readConfigFile({ config: flags.config });
  const known = adapters ?? settings.adapters ?? [];
  const { name, transport, bound } = await oneVariant(flags.transport, known);
  const target = await admittedTarget(url, { kind: "unknown" }, allowTargets);
  const host = await answeringAddress(target);
  if (host === null) throw usageError(`nothing answers at ${target.url}`);
  const server = {
    url: new URL(target.url),
    host,
    port: target.port,
    transport: bound,
    caseLimitMs: timeLimitMs + intervalsOfACase * (bound.polling?.intervalMs ?? 0),
  };
  const print = (text: string): void => void (flags.json ?? process.stdout.write(`${text}\n`));

  print(`${target.url} as ${name}\n`);
  const outcomes = await conform(casesOf(transport), server, (each) => {
    if (each.outcome.kind !== "closed") print(outcomeText(each));
  });
  print(conclusionText(outcomes));
  const passed = conforms(outcomes);
  if (flags.json === true) {
    const document = { url: target.url, transport: name, passed, cases: outcomes };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return passed ? exitCodes.done : exitCodes.failed;
}
