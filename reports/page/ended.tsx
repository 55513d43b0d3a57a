import type { VNode } from "preact";
import type { Trial } from "../../bench/results/schema.ts";
import { capital, listing } from "../../bench/text/format.ts";
import { groupBy } from "../group-by.ts";
import { Name } from "./section.tsx";

/** Trials that ended before they were over, and in the same way. */
export interface EndedAlike {
  readonly status: "failed" | "interrupted";
  readonly reason: string;
  readonly lastWords: string;
  readonly trials: readonly Trial[];
}

export function endedAlike(trials: readonly Trial[]): EndedAlike[] {
  const ended = trials.flatMap((trial) => {
    const { outcome } = trial;
    if (outcome.status !== "failed" && outcome.status !== "interrupted") return [];
    const [reason, lastWords] =
      outcome.status === "failed" ? [outcome.reason, outcome.stderr.trim()] : ["", ""];
    return [{ alike: { status: outcome.status, reason, lastWords }, trial }];
  });
  return [...groupBy(ended, ({ alike }) => JSON.stringify(alike)).values()].flatMap((same) =>
    same.slice(0, 1).map(({ alike: { status, reason, lastWords } }) => ({
      status,
      reason,
      lastWords,
      trials: same.map(({ trial }) => trial),
    })),
  );
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
