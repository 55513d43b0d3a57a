import type { VNode } from "preact";
import { betweenRuns, timesDiffer } from "../between-runs.ts";
import type { Run } from "../run.ts";
import { factsOf } from "./facts.ts";
import { hostHeads, hostRows } from "../hosts.ts";
import { Heading, Section, TextTable } from "./section.tsx";

const missing = "not recorded";

/** On what it was measured; with several runs also in what they differ. */
export function EnvironmentSection({ runs }: { readonly runs: readonly Run[] }): VNode {
  const columns = runs.map(({ results }) => factsOf(results));
  const names = [...new Set(columns.flatMap((facts) => [...facts.keys()]))];
  return (
    <Section id="environment" title="Environment">
      <TextTable
        label="Environment"
        caption="The machine and software of the run"
        heads={runs.length < 2 ? [] : ["", ...runs.map(({ label }) => label ?? "")]}
        rows={names.map((name) =>
          [name].concat(columns.map((facts) => facts.get(name) ?? missing)),
        )}
      />
      {runs.map(({ label, results }) => (
        <Hosts key={label} label={label} results={results} />
      ))}
      {runs.length < 2 ? null : <Differences runs={runs} />}
    </Section>
  );
}

/** The machines that ran it, where it ran on several. */
function Hosts({ label, results }: Run): VNode | null {
  const rows = hostRows(results);
  if (rows.length === 0) return null;
  return (
    <>
      <Heading
        level={3}
        id={label === null ? "hosts" : `hosts--${label}`}
        text={label === null ? "Hosts" : `Hosts of ${label}`}
      />
      <TextTable label="Hosts" caption="The machines that ran it" heads={hostHeads} rows={rows} />
    </>
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
        return found.length === 0 ? (
          <p key={index}>
            <bdi>{other}</bdi> has the same environment and configuration as <bdi>{first}</bdi>.
          </p>
        ) : (
          <TextTable
            key={index}
            label={`What differs between ${first} and ${other}`}
            heads={["", first, other]}
            rows={found.map(({ field, before, after }) => [
              <code>{field}</code>,
              before ?? missing,
              after ?? missing,
            ])}
          />
        );
      })}
    </>
  );
}
