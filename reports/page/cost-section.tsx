import type { VNode } from "preact";
import type { CostInputs } from "../cost/model.ts";
import { digits } from "../../bench/text/format.ts";
import { inputDefinitions } from "./cost-inputs.ts";
import { CostTable } from "./cost-table.tsx";
import type { CostSubject } from "./cost-table.tsx";
import { measuredText } from "./measured-inputs.ts";
import { Section } from "./section.tsx";

/** The id of the element in whose place the script puts the calculator. */
export const calculatorId = "calculator";

interface CostProps {
  readonly subjects: readonly CostSubject[];
  readonly inputs: CostInputs;
}

/** What the measured workload would cost; the page's script lets it be changed. */
export function CostSection({ subjects, inputs }: CostProps): VNode {
  return (
    <Section id="cost" title="What would it cost me?">
      <p>{basisOf(subjects)}</p>
      {subjects.length === 0 ? null : (
        <div id={calculatorId}>
          <dl class="inputs">
            {inputDefinitions.map(({ key, label, unit }) => {
              const value = inputs[key];
              return value === null ? null : (
                <div key={key}>
                  <dt>{label}</dt>
                  <dd>
                    {digits(value)} {unit}
                    <Measured subjects={subjects} input={key} unit={unit} />
                  </dd>
                </div>
              );
            })}
            <div>
              <dt>Billed</dt>
              <dd>{billedTexts[inputs.billed]}</dd>
            </div>
          </dl>
          <p class="quiet no-script">It takes JavaScript to change these.</p>
          <CostTable subjects={subjects} inputs={inputs} />
        </div>
      )}
    </Section>
  );
}

export const billedTexts: Readonly<Record<CostInputs["billed"], string>> = {
  down: "traffic from the server",
  both: "both ways",
};

/** Where an input was measured, beside it. */
export function Measured({
  subjects,
  input,
  unit,
}: {
  readonly subjects: readonly CostSubject[];
  readonly input: (typeof inputDefinitions)[number]["key"];
  readonly unit: string;
}): VNode | null {
  const isExample = input === "pricePerGB" || input === "reconnectsPerDay";
  const text = isExample
    ? "an example"
    : measuredText(
        subjects.map(({ coefficients }) => coefficients),
        input,
        unit,
      );
  return text === null ? null : <span class="below">{text}</span>;
}

function basisOf(subjects: readonly CostSubject[]): string {
  const levels = new Set(subjects.map(({ coefficients: { level } }) => level));
  const bytes =
    levels.size === 2
      ? "whole IP packets if they were counted, otherwise TCP payload"
      : levels.has("ip")
        ? "whole IP packets"
        : "TCP payload, without the headers of TCP and IP";
  if (subjects.length === 0) return "No valid trial has measured a cost.";
  return (
    `Computed from this run's cost of each set-up, message, poll, idle minute and connection, for evenly spaced messages. Bytes are ${bytes}; ` +
    "a month has 30 days, and a GB 10⁹ bytes. Cost is that of traffic alone, in the currency of the price. " +
    "Memory is the amount that connections add to the server; CPU is 1 for a core that is always busy. " +
    "Variants that cost at most 1 % more than the cheapest are marked as cheapest, too."
  );
}
