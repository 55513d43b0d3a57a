import type { BudgetOutcome, Change, Comparison } from "../../bench/results/comparison.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import { cellOf } from "../../bench/results/comparison.ts";
import { budgetValueText, changeCells, onOneLine } from "../../bench/text/quantity.ts";
import { memorySentence, outcomeSentence, trialsSentences } from "./sentences.ts";
import { xmlText } from "./xml.ts";
import type { Element } from "./xml.ts";

/** A test case: what it is called, and its outcome. */
interface Case {
  /** GitLab shows it as the suite, Jenkins as package and class. */
  readonly place: string;
  readonly name: string;
  readonly result: "passed" | "failure" | "error" | "skipped";
  /** In one line. */
  readonly message: string;
  readonly detail: string;
}

/**
 * The JUnit XML that Jenkins, GitLab and the others read. What gates is a test case: regressed is a failure,
 * and inconclusive is skipped, since neither passed nor failed is true of it. What is only shown is none:
 * tests that are skipped in every build teach people not to look. One case says the outcome, so that no
 * file is empty, which some take for an error.
 */
export const junit = defineComparisonReport({
  render(comparison: Comparison) {
    const suites = suitesOf(comparison);
    const cases = suites.flatMap(([, inSuite]) => inSuite);
    const { skipped: _, ...counts } = countsOf(cases);
    return xmlText({
      name: "testsuites",
      // Jenkins's schema has no count of the skipped here.
      attributes: { name: `bench ${comparison.kind}`, ...counts, time: 0 },
      content: suites.map(([name, inSuite], index) =>
        suiteElement(
          name,
          inSuite,
          comparison.finishedAt,
          index === 0 ? propertiesOf(comparison) : [],
        ),
      ),
    });
  },
});

function suitesOf(comparison: Comparison): [string, Case[]][] {
  const { changes, budgets, problems } = comparison;
  const judged = changes.filter(({ verdict }) => verdict !== "shown");
  const scenarios = new Set([...judged, ...budgets].map(({ scenario }) => scenario));
  const own = problems.map(({ code, text }, index): Case => ({
    place: "comparison",
    name: `problem ${index + 1}`,
    result: code === "machine" ? "skipped" : "error",
    message: `${code}: ${text}`,
    detail: text,
  }));
  return [
    [`bench ${comparison.kind}`, [outcomeCase(comparison), ...own]],
    ...[...scenarios].map((scenario): [string, Case[]] => [
      scenario,
      [
        ...judged.filter((change) => change.scenario === scenario).map(changeCase),
        ...budgets.filter((budget) => budget.scenario === scenario).map(budgetCase),
      ],
    ]),
  ];
}

const ofOutcome: Readonly<Record<Comparison["outcome"], Case["result"]>> = {
  pass: "passed",
  improved: "passed",
  inconclusive: "skipped",
  regressed: "failure",
  failed: "error",
};

function outcomeCase(comparison: Comparison): Case {
  const sentence = outcomeSentence(comparison);
  const memory = memorySentence(comparison);
  return {
    place: "comparison",
    name: "outcome",
    result: ofOutcome[comparison.outcome],
    message: sentence,
    detail: [
      `${comparison.outcome}: ${sentence}`,
      ...trialsSentences(comparison),
      ...(memory === null ? [] : [memory]),
      comparison.command,
    ].join("\n"),
  };
}

function changeCase(change: Change): Case {
  const { metric, verdict, reason } = change;
  const [baseline, candidate, by] = changeCells(change).map(onOneLine);
  return {
    place: cellOf(change),
    name: metric,
    result: verdict === "regressed" ? "failure" : verdict === "inconclusive" ? "skipped" : "passed",
    message: reason,
    detail: `${baseline} -> ${candidate}, ${by}\n${reason}`,
  };
}

function budgetCase(given: BudgetOutcome): Case {
  const { budget, outcome, reason } = given;
  const result = { kept: "passed", exceeded: "failure", unclear: "skipped" } as const;
  return {
    place: cellOf(given),
    name: `budget ${budget}`,
    result: result[outcome],
    message: reason,
    detail: `${onOneLine(budgetValueText(given))}\n${reason}`,
  };
}

function suiteElement(
  name: string,
  cases: readonly Case[],
  finishedAt: string,
  properties: readonly Element[],
): Element {
  return element(
    "testsuite",
    // The schema of Ant's reports has no time zones.
    { name, ...countsOf(cases), time: 0, timestamp: finishedAt.slice(0, 19) },
    [
      ...(properties.length === 0 ? [] : [element("properties", {}, properties)]),
      ...cases.map(caseElement),
    ],
  );
}

function propertiesOf(comparison: Comparison): Element[] {
  const { environment, baseline, candidate } = comparison;
  const memory = memorySentence(comparison);
  return [
    ["baseline", baseline.label],
    ["candidate", candidate.label],
    ["same machine", String(environment.sameMachine)],
    ...trialsSentences(comparison).map((text) => ["trials", text]),
    ...(memory === null ? [] : [["memory", memory]]),
    ...environment.differences.map(({ name, baseline, candidate }) => [
      `differs: ${name}`,
      `${baseline} -> ${candidate}`,
    ]),
  ].map(([name = "", value = ""]) => element("property", { name, value }));
}

function countsOf(cases: readonly Case[]): Record<string, number> {
  const of = (result: Case["result"]): number =>
    cases.filter((testCase) => testCase.result === result).length;
  return {
    tests: cases.length,
    failures: of("failure"),
    errors: of("error"),
    skipped: of("skipped"),
  };
}

function caseElement({ place, name, result, message, detail }: Case): Element {
  const attributes = { classname: place, name, time: 0 };
  if (result === "passed") {
    return element("testcase", attributes, [element("system-out", {}, detail)]);
  }
  const type = result === "skipped" ? {} : { type: result };
  const text = result === "skipped" ? "" : detail;
  return element("testcase", attributes, [element(result, { message, ...type }, text)]);
}

function element(
  name: string,
  attributes: Element["attributes"],
  content: Element["content"] = [],
): Element {
  return { name, attributes, content };
}
