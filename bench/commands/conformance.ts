import * as z from "zod";
import { duration } from "../../transports/option-values.ts";
import { settingsSchema, verificationSettings } from "../settings/config.ts";
import { readConfigFile } from "../settings/config-file.ts";
import { casesOf, conform, conforms } from "../conformance/conform.ts";
import { conclusionText, outcomeText } from "../conformance/outcome-text.ts";
import { whyNoBrowser } from "../machine/browser-files.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { answeringAddress } from "../processes/connect-to-target.ts";
import { asFlag, named, parsedBy } from "../settings/naming.ts";
import type { Naming } from "../settings/naming.ts";
import { tlsMismatch } from "../processes/tls-mismatch.ts";
import { admittedTarget, parseTargetUrl, trustOf } from "../settings/target.ts";
import { verificationOf } from "../settings/target-settings.ts";
import { checkForTarget } from "../settings/target-variant.ts";
import { TlsClient } from "../layers/tls.ts";
import { isCompressed, isHttp2 } from "../../transports/layers.ts";
import { loadAdapters, withoutSpecifier } from "../settings/load-adapters.ts";
import { parseVariant } from "../settings/variant.ts";
import type { Variant } from "../settings/variant.ts";
import { npxCommand } from "../text/command-name.ts";
import { BrowserPages } from "../conformance/browser-pages.ts";
import { contractOf } from "./contract-of.ts";
import { playContract } from "../conformance/play-contract.ts";
import type { CaseOutcome } from "../conformance/conform.ts";
import { oneVariant } from "../settings/one-variant.ts";

export interface ConformanceFlags {
  readonly transport?: string;
  readonly adapters?: string;
  readonly timeLimit: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly ca?: string;
  readonly insecure?: boolean;
}

const flagsSchema = z.object({
  timeLimit: duration(100, 600_000),
  adapters: settingsSchema.shape.adapters,
  ca: verificationSettings.ca.optional(),
  insecure: verificationSettings.insecure.optional(),
});

/** A client that polls sees a message an interval later, and no case takes more of these in turn. */
const intervalsOfACase = 10;

/** `bench conformance`: checks a server against a wire format, or a transport with its own server, case by case. */
export async function conformance(subject: string, flags: ConformanceFlags): Promise<number> {
  const { timeLimit, adapters = [] } = parsedBy(flagsSchema, flags, asFlag);
  const { transport } = flags;
  if (/^\w+:\/\//.test(subject)) {
    if (transport !== undefined) return await ofServer(subject, { ...flags, transport });
    throw usageError(
      `--transport: which wire format does ${subject} speak? See ${npxCommand} list`,
    );
  }
  if (transport === undefined) return await ofTransports(subject, adapters, timeLimit, flags);
  throw usageError(`--transport has no effect without a URL: ${subject} is a transport by itself`);
}

/** How long a transport's own tests may take: some send thousands of messages. */
const contractFactor = 6;

async function ofTransports(
  subject: string,
  adapters: readonly string[],
  timeLimitMs: number,
  { json = false }: ConformanceFlags,
): Promise<number> {
  const all = await variantsOf(subject, adapters);
  await using pages = new BrowserPages();
  const outcomes: CaseOutcome[] = [];
  const print = (text: string): void => void (json || process.stdout.write(`${text}\n`));
  for (const variant of all) {
    print(`${variant.name} with its own server\n`);
    const limitMs = timeLimitMs * contractFactor;
    const played = await playContract(contractOf(variant, limitMs, pages.of), limitMs, (each) =>
      print(outcomeText(each)),
    );
    print(conclusionText(played));
    outcomes.push(...played);
  }
  const passed = conforms(outcomes);
  if (json) process.stdout.write(`${JSON.stringify({ passed, cases: outcomes }, null, 2)}\n`);
  return passed ? exitCodes.done : exitCodes.failed;
}

/** The transports of a file or package, or the one of that name; with the client and options that follow it. */
async function variantsOf(
  subject: string,
  adapters: readonly string[],
): Promise<readonly Variant[]> {
  const naming: Naming = (key) => (key === "transports" ? "conformance" : asFlag(key));
  await loadAdapters({ adapters: [...adapters], transports: [subject] }, naming);
  const all = withoutSpecifier(subject, "transports").map(parseVariant);
  for (const { name, transport, bound } of all) {
    if (!bound.hasServer) {
      throw usageError(`${transport} has no server of its own: give a server's URL`);
    }
    const missing = bound.browser === null ? null : whyNoBrowser(bound.browser);
    if (missing !== null) throw usageError(`${name} ${missing}`);
    if (bound.layers.batchMs === undefined) continue;
    throw usageError(
      `${name}: +batch is the harness's doing, and no part of a transport's contract`,
    );
  }
  return all;
}

async function ofServer(
  url: string,
  flags: ConformanceFlags & { readonly transport: string },
): Promise<number> {
  const { timeLimit: timeLimitMs, adapters, ...verifying } = parsedBy(flagsSchema, flags, asFlag);
  const { allowTargets, settings } = await readConfigFile({ config: flags.config });
  const known = adapters ?? settings.adapters ?? [];
  const variant = await oneVariant(flags.transport, known);
  const { name, transport, bound } = variant;
  const verification = verificationOf(verifying, [parseTargetUrl(url).url], asFlag);
  const target = await admittedTarget(url, { kind: "unknown" }, allowTargets, verification);
  if (bound.asIs) {
    throw usageError(
      `--transport: ${name} asks servers as they are, which has no format to conform to`,
    );
  }
  named("transport", asFlag, () => checkForTarget(variant, target));
  if (!bound.sends) {
    throw usageError(
      `--transport: ${name} only receives: name a client that sends messages up, too`,
    );
  }
  if (isHttp2(bound.layers) || isCompressed(bound.layers)) {
    throw usageError(
      `--transport: ${name}: the cases of a wire format are in HTTP/1.1, without compression`,
    );
  }
  const host = await answeringAddress(target);
  if (host === null) throw usageError(`nothing answers at ${target.url}`);
  const trust = trustOf(target);
  const tls = trust && new TlsClient(trust, bound.layers);
  const mismatch = tls && (await tlsMismatch({ target, address: host, tls }, bound.layers));
  if (mismatch !== null) throw usageError(`${target.url} ${mismatch}`);
  const server = {
    url: new URL(target.url),
    host,
    port: target.port,
    tls,
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
