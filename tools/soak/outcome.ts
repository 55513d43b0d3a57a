import { readResults } from "../../bench/results/files.ts";
import type { Trial } from "../../bench/results/schema.ts";
import type { SoakedPhase } from "./record.ts";

async function trialIn(folder: string): Promise<Trial | null> {
  const results = await readResults(folder).catch(() => null);
  return results?.trials[0] ?? null;
}

/** How the trial of a soaked run ended. That it may be invalid is no matter: its times are not looked at. */
export async function outcomeOf(folder: string): Promise<string> {
  const trial = await trialIn(folder);
  if (trial === null) return "";
  const { outcome } = trial;
  return "reason" in outcome ? `${outcome.status}: ${outcome.reason}` : outcome.status;
}

/** The books of its phases in which connections were cut. */
export async function phasesOf(folder: string): Promise<SoakedPhase[]> {
  const trial = await trialIn(folder);
  return (trial?.phases ?? []).flatMap(({ name, measured, deliveries, ledger, absences }) =>
    !measured || ledger === undefined || absences === undefined
      ? []
      : [
          {
            name,
            expected: deliveries.expected,
            ...ledger,
            returns: absences.count - absences.lasting,
            lasting: absences.lasting,
          },
        ],
  );
}
