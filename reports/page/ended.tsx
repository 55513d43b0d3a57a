import type { VNode } from "preact";
import type { Trial } from "../../bench/results/schema.ts";
import { capital, listing } from "../../bench/text/format.ts";
import { Name } from "./section.tsx";

/** Trials that ended before they were over, and in the same way. */
export interface EndedAlike {
  readonly status: "failed" | "interrupted";
  readonly reason: string;
  readonly lastWords: string;
  readonly trials: readonly Trial[];
}

export function endedAlike(trials: readonly Trial[]): EndedAlike[] {
  const groups = new Map<
    string,
    { status: EndedAlike["status"]; reason: string; lastWords: string; trials: Trial[] }
  >();
  for (const trial of trials) {
    const { outcome } = trial;
    if (outcome.status !== "failed" && outcome.status !== "interrupted") continue;
    const isFailed = outcome.status === "failed";
    const [reason, lastWords] = isFailed ? [outcome.reason, outcome.stderr.trim()] : ["", ""];
    const key = JSON.stringify([outcome.status, reason, lastWords]);
    const known = groups.get(key) ?? { status: outcome.status, reason, lastWords, trials: [] };
    known.trials.push(trial);
    groups.set(key, known);
  }
  return [...groups.values()];
}

export function Ended({
  label,
  ended: { status, reason, lastWords, trials },
}: {
  readonly label: string | null;
  readonly ended: EndedAlike;
}): VNode {
  const variants = [...new Set(trials.map(({ variant }) => variant))];
  return (
    <li>
      <p>
        <code>{status}</code> <RunName label={label} />
        {variants.map((variant, index) => (
          <>
            {index === 0 ? null : "; "}
            <Name text={variant} />,{" "}
            {placesText(trials.filter((trial) => trial.variant === variant))}
          </>
        ))}
      </p>
      {reason === "" ? null : (
        <p>
          <bdi>{sentence(reason)}</bdi> These trials don’t count.
        </p>
      )}
      {lastWords === "" ? null : (
        <details>
          <summary>Last words of the process</summary>
          <pre tabIndex={0}>{lastWords}</pre>
        </details>
      )}
    </li>
  );
}

function placesText(trials: readonly Trial[]): string {
  const numbers = trials.map(({ repetition }) => String(repetition));
  return `${numbers.length === 1 ? "trial" : "trials"} ${listing(numbers)}`;
}

/** Of which run it is told, where there are several. */
export function RunName({ label }: { readonly label: string | null }): VNode | null {
  return label === null ? null : (
    <>
      <bdi>{label}</bdi>,{" "}
    </>
  );
}

/** Words as a sentence of their own. */
export function sentence(text: string): string {
  return `${capital(text)}.`;
}
