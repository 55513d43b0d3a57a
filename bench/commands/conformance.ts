import * as z from "zod";
import { duration } from "../../transports/option-values.ts";
import { readConfigFile } from "../settings/config-file.ts";
import { casesOf, conform, conforms } from "../conformance/conform.ts";
import { conclusionText, outcomeText } from "../conformance/outcome-text.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { answeringAddress } from "../processes/connect-to-target.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";
import { admittedTarget } from "../settings/target.ts";
import { parseVariant } from "../settings/variant.ts";

export interface ConformanceFlags {
  readonly transport: string;
  readonly timeLimit: string;
  readonly config?: string;
  readonly json?: boolean;
}

const timeLimitSchema = z.object({ timeLimit: duration(100, 600_000) });

/** A client that polls sees a message an interval later, and no case takes more of these in turn. */
const intervalsOfACase = 10;

/** `bench conformance`: checks a running server against a wire format, case by case. */
export async function conformance(url: string, flags: ConformanceFlags): Promise<number> {
  const { timeLimit: timeLimitMs } = parsedBy(
    timeLimitSchema,
    { timeLimit: flags.timeLimit },
    asFlag,
  );
  const { name, transport, bound } = parseVariant(flags.transport);
  const { allowTargets } = await readConfigFile({ config: flags.config });
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
