import type { VNode } from "preact";
import { betweenRuns, timesDiffer } from "../between-runs.ts";
import type { Run } from "../run.ts";
import { factsOf } from "./facts.ts";
import { Heading, ScrollTable, Section } from "./section.tsx";

/** On what it was measured; with several runs also in what they differ. */
export function EnvironmentSection({ runs }: { readonly runs: readonly Run[] }): VNode {
  const columns = runs.map(({ results }) => factsOf(results));
  const names = [...new Set(columns.flatMap((facts) => [...facts.keys()]))];
  return (
    <Section id="environment" title="Environment">
      <ScrollTable label="Environment" caption="On what it was measured" class="facts">
        {runs.length < 2 ? null : <LabelHead labels={runs.map(({ label }) => label ?? "")} />}
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {columns.map((facts, index) => (
                <td key={index}>
                  <bdi>{facts.get(name) ?? "not recorded"}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {runs.length < 2 ? null : <Differences runs={runs} />}
    </Section>
  );
}

function LabelHead({ labels }: { readonly labels: readonly string[] }): VNode {
  return (
    <thead>
      <tr>
        <td />
        {labels.map((label) => (
          <th key={label} scope="col">
            <bdi>{label}</bdi>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Each further run beside the first. */
function Differences({ runs }: { readonly runs: readonly Run[] }): VNode {
  return (
    <>
      <Heading level={3} id="differences" text="What differs between the runs" />
      <p>{timesDiffer}</p>
      {betweenRuns(runs).map(({ first, other, environment, configuration }, index) => {
        const found = [...environment, ...configuration];
        if (found.length === 0) {
          return (
            <p key={index}>
              <bdi>{other}</bdi> has the same environment and configuration as <bdi>{first}</bdi>.
            </p>
          );
        }
        return (
          <ScrollTable
            key={index}
            label={`What differs between ${first} and ${other}`}
            class="facts"
          >
            <LabelHead labels={[first, other]} />
            <tbody>
              {found.map(({ field, before, after }) => (
                <tr key={field}>
                  <th scope="row">
                    <code>{field}</code>
                  </th>
                  <td>
                    <bdi>{before ?? "not recorded"}</bdi>
                  </td>
                  <td>
                    <bdi>{after ?? "not recorded"}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        );
      })}
    </>
  );
}
