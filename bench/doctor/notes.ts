import type { Batch } from "../plan/plan.ts";
import { rehearse } from "../plan/rehearsal.ts";
import type { MachineNotes } from "../run/run-record.ts";
import type { MachineNote } from "../results/schema.ts";
import { readFacts } from "./facts.ts";
import { distorts, distortingFindings } from "./findings.ts";
import type { SpoilingFinding } from "./findings.ts";
import { steal } from "./processor-findings.ts";

/** Notes on what distorts the figures of a run. Reads only what costs nothing. */
export async function machineNotes(plan: readonly Batch[]): Promise<MachineNotes> {
  const rehearsals = await Promise.all(plan.flat().map(rehearse));
  const wanted = Math.max(0, ...rehearsals.map(({ maxClients }) => maxClients));
  const facts = await readFacts(wanted);
  const servers = Math.max(1, ...plan.flat().map((trial) => trial.servers));
  const before = distortingFindings(facts, wanted, servers).map(noteOf);
  return { before, after: (stolen) => notesAfter(before, stolen) };
}

/** The same when the run has ended: what was stolen in it says more than what was before. */
export function notesAfter(before: readonly MachineNote[], stolen: number | null): MachineNote[] {
  if (stolen === null) return [...before];
  const finding = steal({ stolen: { share: stolen, since: "the run started" } });
  const others = before.filter(({ key }) => key !== finding.key);
  return distorts(finding) ? [...others, noteOf(finding)] : others;
}

function noteOf({ key, title, status, found, enables, advice }: SpoilingFinding): MachineNote {
  return { key, title, status, found, effect: enables, advice };
}
