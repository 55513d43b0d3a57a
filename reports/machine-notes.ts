import type { MachineNote } from "../bench/results/schema.ts";

/** What makes the figures of a run worse than they need be, in one sentence each. */
export function machineNoteText({ title, found, effect, advice }: MachineNote): string {
  return `${title}: ${found}; ${effect}${advice === null ? "" : ` (${advice})`}`;
}

/** With how much it matters. */
export function machineNoteLine(note: MachineNote): string {
  return `${note.status}: ${machineNoteText(note)}`;
}
