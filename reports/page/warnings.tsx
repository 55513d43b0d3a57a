import type { VNode } from "preact";
import type { MachineNote, Trial } from "../../bench/results/schema.ts";
import { invalidates, warningMeanings } from "../../bench/results/warnings.ts";
import { raisedWarnings } from "../doubts.ts";
import type { RaisedWarning } from "../doubts.ts";
import { listing, countOf } from "../../bench/text/format.ts";
import { machineNoteText } from "../heading.ts";
import type { Run } from "../run.ts";
import { Ended, RunName, endedAlike, sentence } from "./ended.tsx";
import type { PlacedScenario } from "./scenario.tsx";
import { Heading, Items, Name, Section, warningsId } from "./section.tsx";

interface WarningsProps {
  readonly runs: readonly Run[];
  readonly scenarios: readonly PlacedScenario[];
}

/** Every reason to doubt something, with advice, and every trial that doesn't count. */
export function Warnings({ runs, scenarios }: WarningsProps): VNode {
  const trials = runs.flatMap(({ results }) => results.trials);
  return (
    <Section id="warnings" title="Warnings, and trials that don’t count">
      <p>{ledger(trials)}</p>
      {runs.map(({ label, results }) => (
        <MachineNotes key={label} label={label} notes={results.run.notes} />
      ))}
      {scenarios.map((placed) => (
        <ScenarioWarnings key={placed.id} runs={runs} placed={placed} />
      ))}
    </Section>
  );
}

/** What makes the figures of all trials worse than they need be. */
function MachineNotes({
  label,
  notes,
}: {
  readonly label: string | null;
  readonly notes: readonly MachineNote[];
}): VNode | null {
  if (notes.length === 0) return null;
  return (
    <>
      <p>
        {label === null ? "The machine" : <bdi>{label}</bdi>}
        {label === null ? "" : ": the machine"} distorts the figures:
      </p>
      <ul>
        {notes.map((note, index) => (
          <li key={index}>
            <strong>{note.status}</strong>: <bdi>{machineNoteText(note)}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}

function ledger(trials: readonly Trial[]): string {
  const counts = (["valid", "invalid", "failed", "interrupted"] as const).flatMap((status) => {
    const count = trials.filter(({ outcome }) => outcome.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  const played = countOf(trials.length, "trial was played", "trials were played");
  const only = trials.every(({ outcome }) => outcome.status === "valid");
  const doubted = trials.some(({ warnings }) => warnings.length > 0);
  if (trials.length === 0) return "No trial was played.";
  if (only && !doubted) return `${played}, and none gave a reason to doubt it.`;
  return `${played}: ${listing(counts)}. What isn’t valid is kept and shown, and left out of every figure.`;
}

function ScenarioWarnings({
  runs,
  placed: { id, scenario },
}: {
  readonly runs: readonly Run[];
  readonly placed: PlacedScenario;
}): VNode | null {
  const parts = runs.flatMap(({ label, results }) => {
    const trials = results.trials.filter((trial) => trial.scenario === scenario.name);
    const raised = raisedWarnings(trials);
    const ended = endedAlike(trials);
    return raised.length + ended.length === 0 ? [] : [{ label, raised, ended }];
  });
  if (parts.length === 0) return null;
  return (
    <>
      <Heading level={3} id={warningsId(id)} text={scenario.name} />
      {parts.map(({ label, raised, ended }) => (
        <ul key={label} class="warnings">
          {ended.map((alike, index) => (
            <Ended key={index} label={label} ended={alike} />
          ))}
          {raised.map((warning) => (
            <Raised key={warning.code} label={label} raised={warning} />
          ))}
        </ul>
      ))}
    </>
  );
}

function Raised({
  label,
  raised: { code, variants, places },
}: {
  readonly label: string | null;
  readonly raised: RaisedWarning;
}): VNode {
  const { meaning, advice } = warningMeanings[code];
  return (
    <li>
      <p>
        <code>{code}</code> <RunName label={label} />
        {variants.map((variant, index) => (
          <>
            {index === 0 ? null : ", "}
            <Name text={variant} />
          </>
        ))}
      </p>
      <p>
        {sentence(meaning)}
        {invalidates(code) ? " These trials don’t count." : " These trials count."}
      </p>
      <p>
        <strong>Advice:</strong> {advice}.
      </p>
      <details open={places.length <= 3}>
        <summary>{places.length === 1 ? "Where" : `Where, ${places.length} times`}</summary>
        <ul>
          <Items texts={places} />
        </ul>
      </details>
    </li>
  );
}
