import type { VNode } from "preact";
import type { Run } from "../run.ts";
import { findings } from "../sentences.ts";
import type { Summary } from "../summary.ts";
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
  const hasAtlas = summary.scenarios.some(({ atlases }) => atlases.length > 0);
  return (
    <Section id="findings" title="Questions and findings">
      <dl class="asked">
        {summary.scenarios.map(({ name, about, workload }, index) => (
          <div key={index}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>
              <bdi>{about}</bdi> <bdi class="quiet">{workload}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {found.length === 0 ? (
        <p>
          {hasAtlas
            ? "What was found behind each proxy stands with its scenario."
            : "No findings: no valid trial has a figure by which variants are compared."}
        </p>
      ) : (
        <ul class="found">
          <Items texts={found} />
        </ul>
      )}
    </Section>
  );
}
