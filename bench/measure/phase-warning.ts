import type { Warning } from "../results/schema.ts";

/** A warning about the phase at hand. */
export type PhaseWarning = Omit<Warning, "phase">;

/** The warning, where the condition holds. */
export function warnIf(condition: boolean, code: Warning["code"], detail: string): PhaseWarning[] {
  return condition ? [{ code, detail }] : [];
}

/** In a warning's text: with what it is, since many readers meet it there first. */
export const canaryName = "the canary (one client in a process of its own)";

/** How a warning's text calls a process. */
export function named(process: string): string {
  return process === "canary" ? canaryName : `the ${process} process`;
}
