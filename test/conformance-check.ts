import type { ConformanceCase } from "../bench/conformance/case.ts";
import type { CaseOutcome } from "../bench/conformance/conform.ts";
import { casesOf, conform } from "../bench/conformance/conform.ts";
import { urlAt } from "../bench/measure/dialler.ts";
import { parseVariant } from "../bench/settings/variant.ts";

interface Options {
  readonly cases?: readonly ConformanceCase[];
  readonly caseLimitMs?: number;
}

/** What conformance finds at a port of this machine. */
export async function checked(
  variant: string,
  port: number,
  { cases, caseLimitMs = 20_000 }: Options = {},
): Promise<readonly CaseOutcome[]> {
  const { transport, bound } = parseVariant(variant);
  const host = "127.0.0.1";
  const server = { url: urlAt(host, port), host, port, transport: bound, caseLimitMs };
  return await conform(cases ?? casesOf(transport), server);
}

/** The cases that failed, and what was received instead. */
export function failuresOf(outcomes: readonly CaseOutcome[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    outcomes.flatMap(({ name, outcome }) =>
      outcome.kind === "failed" ? [[name, outcome.received]] : [],
    ),
  );
}
