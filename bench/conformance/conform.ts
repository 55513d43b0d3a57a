import type { ConformanceCase, Level } from "./case.ts";
import { Mismatch, CaseSkipped, oneLine } from "./mismatch.ts";
import { clientCases, subscribing } from "./client-cases.ts";
import { longPollingCases, shortPollingCases } from "./polling-cases.ts";
import { sseCases } from "./sse-cases.ts";
import { streamingCases } from "./streaming-cases.ts";
import { Subject } from "./subject.ts";
import type { ServerUnderTest } from "./subject.ts";
import { websocketCases } from "./websocket-cases.ts";

/** The outcome of one case. */
export interface CaseOutcome {
  readonly name: string;
  readonly level: Level;
  readonly outcome: Conclusion;
}

export type Conclusion =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly expected: string; readonly received: string }
  /** It can't be checked from here, or in the time that a case may take. */
  | { readonly kind: "skipped"; readonly reason: string }
  /** It was not played, as one that it stands on has failed. */
  | { readonly kind: "closed"; readonly by: string };

const ofAny: readonly ConformanceCase[] = [subscribing, ...clientCases((text) => text)];

const ofTransports: Readonly<Record<string, readonly ConformanceCase[]>> = {
  "short-polling": shortPollingCases,
  "long-polling": longPollingCases,
  sse: sseCases,
  streaming: streamingCases,
  websocket: websocketCases,
};

/** The cases before must not have ended the server. */
const surviving: ConformanceCase = {
  name: "still lets a client subscribe after all of that",
  level: "required",
  check: subscribing.check,
};

/** The cases for a transport, the required ones first but for one that looks back. */
export function casesOf(transport: string): readonly ConformanceCase[] {
  const cases = ofTransports[transport] ?? ofAny;
  const atLevel = (level: Level): ConformanceCase[] =>
    cases.filter((known) => known.level === level);
  return [...atLevel("required"), ...atLevel("optional"), surviving];
}

/** Plays `cases` one after the other; `report` is called for each as it ends. */
export async function conform(
  cases: readonly ConformanceCase[],
  server: ServerUnderTest,
  report: (outcome: CaseOutcome) => void = () => {},
): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  let closed: string | null = null;
  for (const { name, level, gate, ...testCase } of cases) {
    const outcome: Conclusion =
      closed === null ? await play(testCase, server) : { kind: "closed", by: closed };
    if (gate === true && outcome.kind === "failed") closed = name;
    outcomes.push({ name, level, outcome });
    report({ name, level, outcome });
  }
  return outcomes;
}

/** Whether a server can be measured. */
export function conforms(outcomes: readonly CaseOutcome[]): boolean {
  return outcomes.every(({ level, outcome }) => level === "optional" || outcome.kind === "passed");
}

async function play(
  { check }: Pick<ConformanceCase, "check">,
  server: ServerUnderTest,
): Promise<Conclusion> {
  await using subject = new Subject(server);
  try {
    await check(subject);
    return { kind: "passed" };
  } catch (error) {
    if (error instanceof CaseSkipped) return { kind: "skipped", reason: oneLine(error.message) };
    if (!(error instanceof Mismatch)) throw error;
    return { kind: "failed", expected: error.expected, received: error.received };
  }
}
