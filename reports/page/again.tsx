import type { VNode } from "preact";
import type { Run } from "../run.ts";
import { Section } from "./section.tsx";

/** The command that repeats a run. */
export function Again({ runs }: { readonly runs: readonly Run[] }): VNode {
  return (
    <Section id="repeat" title="Repeat this run">
      <p>Runs with the same configuration and seed, on the machine where you start it.</p>
      {runs.map(({ label, results }, index) => (
        <div key={index} class="command">
          {label === null ? null : (
            <p>
              <bdi>{label}</bdi>
            </p>
          )}
          <pre tabIndex={0} id={`command-${index + 1}`}>
            <code>{results.run.command}</code>
          </pre>
          <CopyButton id={`command-${index + 1}`} name="the command" />
        </div>
      ))}
    </Section>
  );
}

/** Every figure of every table, for a spreadsheet or a program. */
export function RawFigures({ csv }: { readonly csv: string }): VNode {
  return (
    <Section id="raw" title="Raw figures">
      <p>
        Every figure of every table, with its interval and the trials behind it, as comma-separated
        values. Histograms and everything else recorded are in <code>results.json</code>.
      </p>
      <p class="buttons">
        <CopyButton id="figures-csv" name="the figures" />
        <button type="button" hidden data-download="figures-csv" data-file="figures.csv">
          Download figures.csv
        </button>
      </p>
      <details>
        <summary>Show them</summary>
        <pre tabIndex={0} id="figures-csv">
          {csv}
        </pre>
      </details>
    </Section>
  );
}

function CopyButton({ id, name }: { readonly id: string; readonly name: string }): VNode {
  return (
    <button type="button" hidden data-copy={id} aria-label={`Copy ${name}`}>
      Copy
    </button>
  );
}
