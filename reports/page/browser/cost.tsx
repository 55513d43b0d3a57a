import { render } from "preact";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { CostInputs } from "../../cost/model.ts";
import { inputDefinitions, positionOf, sliderSteps, valueAt } from "../cost-inputs.ts";
import type { InputDefinition } from "../cost-inputs.ts";
import { Measured, billedTexts, calculatorId } from "../cost-section.tsx";
import { CostTable } from "../cost-table.tsx";
import type { CostSubject } from "../cost-table.tsx";

/** Puts controls in the place of the inputs that were printed. */
export function drawCalculator(subjects: readonly CostSubject[], inputs: CostInputs): void {
  const place = document.getElementById(calculatorId);
  if (place === null) return;
  place.replaceChildren();
  render(<Calculator subjects={subjects} measured={inputs} />, place);
}

function Calculator({
  subjects,
  measured,
}: {
  readonly subjects: readonly CostSubject[];
  readonly measured: CostInputs;
}): VNode {
  const [inputs, setInputs] = useState(measured);
  const polls = subjects.some(({ coefficients }) => coefficients.pollIntervalMs !== null);
  return (
    <>
      <form class="inputs controls" onSubmit={(event) => event.preventDefault()}>
        {inputDefinitions
          .filter(({ key }) => polls || key !== "pollIntervalMs")
          .map((definition) => (
            <NumberInput
              key={definition.key}
              definition={definition}
              subjects={subjects}
              value={inputs[definition.key]}
              change={(value) => setInputs((before) => ({ ...before, [definition.key]: value }))}
            />
          ))}
        <div class="input">
          <label for="input-billed">Billed</label>
          <select
            id="input-billed"
            value={inputs.billed}
            onChange={({ currentTarget: { value } }) =>
              setInputs((before) => ({ ...before, billed: value === "both" ? "both" : "down" }))
            }
          >
            <option value="down">{billedTexts.down}</option>
            <option value="both">{billedTexts.both}</option>
          </select>
        </div>
        <div class="input">
          <button type="button" onClick={() => setInputs(measured)}>
            As measured
          </button>
        </div>
      </form>
      <CostTable subjects={subjects} inputs={inputs} />
    </>
  );
}

interface NumberInputProps {
  readonly definition: InputDefinition;
  readonly subjects: readonly CostSubject[];
  /** Null for what was measured, whatever that is for each variant. */
  readonly value: number | null;
  readonly change: (value: number | null) => void;
}

/** A slider for the eye and a field for the number: both tell the same. */
function NumberInput({ definition, subjects, value, change }: NumberInputProps): VNode {
  const { key, label, unit, min, max, whole } = definition;
  const id = `input-${key}`;
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : String(value));
  const isWrong = typed !== null && numberIn(typed, definition) === undefined;
  return (
    <div class="input">
      <label for={id}>
        {label}
        {unit === "" ? null : <span class="unit"> {unit}</span>}
      </label>
      <span class="pair">
        <input
          type="range"
          aria-label={`${label}, slider`}
          aria-valuetext={value === null ? "as measured" : `${value} ${unit}`.trim()}
          min={0}
          max={sliderSteps}
          step={1}
          value={positionOf(value ?? 0, definition)}
          onInput={({ currentTarget }) => {
            setTyped(null);
            change(valueAt(currentTarget.valueAsNumber, definition));
          }}
        />
        <input
          id={id}
          type="number"
          min={min}
          max={max}
          step={whole ? 1 : "any"}
          placeholder="as measured"
          value={text}
          aria-invalid={isWrong}
          aria-describedby={`${id}-below`}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            const given = numberIn(currentTarget.value, definition);
            if (given !== undefined) change(given);
          }}
          onBlur={() => setTyped(null)}
        />
      </span>
      <span id={`${id}-below`}>
        {isWrong ? (
          <span class="below wrong">{`${whole ? "a whole number" : "a number"} from ${min} to ${max}`}</span>
        ) : (
          <Measured subjects={subjects} input={key} unit={unit} />
        )}
      </span>
    </div>
  );
}

/** Undefined for what can't be asked for; an empty poll interval is each variant's own. */
function numberIn(
  typed: string,
  { key, min, max, whole }: InputDefinition,
): number | null | undefined {
  if (typed.trim() === "") return key === "pollIntervalMs" ? null : undefined;
  const value = Number(typed);
  const isAllowed = value >= min && value <= max && (!whole || Number.isInteger(value));
  return isAllowed ? value : undefined;
}
