import type { VNode } from "preact";
import type { Run } from "../run.ts";
import { findings } from "../sentences.ts";
import type { ScenarioSummary, Summary } from "../summary.ts";
import { Items, Section } from "./section.tsx";

/** What was asked, scenario by scenario, and what was found. */
export function Findings({
  runs,
  summary,
}: {
  readonly runs: readonly Run[];
  readonly summary: Summary;
}): VNode {
  const found = findings(runs, summary);
  return (
    <Section id="findings" title="Asked and found">
      <dl class="asked">
        {summary.scenarios.map((scenario, index) => (
          <Asked key={index} scenario={scenario} />
        ))}
      </dl>
      {found.length === 0 ? (
        <p>
          Nothing was found: no trial that counts states a figure by which variants are compared.
        </p>
      ) : (
        <ul class="found">
          <Items texts={found} />
        </ul>
      )}
    </Section>
  );
}

function Asked({
  scenario: { name, about, workload },
}: {
  readonly scenario: ScenarioSummary;
}): VNode {
  return (
    <div>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>
        <bdi>{about}</bdi> <bdi class="quiet">{workload}</bdi>
      </dd>
    </div>
  );
}
