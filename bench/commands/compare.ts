import { gatesOf } from "../verdict/gates.ts";
import { comparisonOf } from "../verdict/compare.ts";
import { fileOf, readResults } from "../results/files.ts";
import { inputsOf, readConfigFile } from "../settings/config-file.ts";
import { announce, proveWritable } from "./announce.ts";
import { commandLine } from "./command-line.ts";
import { verdictCode } from "./exit-code.ts";

export interface CompareFlags {
  readonly config?: string;
  readonly inconclusive?: string;
  readonly write?: readonly string[];
  readonly quiet?: boolean;
}

/** `bench compare`: what has changed from one results file to another. Returns the exit code. */
export async function compare(
  baselinePath: string,
  candidatePath: string,
  { write, quiet = false, ...flags }: CompareFlags,
): Promise<number> {
  const file = await readConfigFile(flags);
  const settings = file.check;
  // What can't be read in it is reported before files are read.
  gatesOf(settings);
  const inputs = [...[baselinePath, candidatePath].map(fileOf), ...inputsOf(file)];
  const wanted = await proveWritable(write, inputs);
  const baseline = await readResults(baselinePath);
  const candidate = await readResults(candidatePath);
  const comparison = comparisonOf(baseline, candidate, {
    kind: "compare",
    command: commandLine(["compare", baselinePath, candidatePath]),
    settings,
    labels: { baseline: baselinePath, candidate: candidatePath },
  });
  await announce(comparison, { folder: null, quiet, wanted });
  return verdictCode(comparison, settings.inconclusive);
}
