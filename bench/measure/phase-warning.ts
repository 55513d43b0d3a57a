import type { ProcessStall, Warning } from "../results/schema.ts";

/** A warning about the phase at hand. */
export type PhaseWarning = Omit<Warning, "phase">;

/** The warning if the condition holds, else nothing. */
export function warnIf(condition: boolean, code: Warning["code"], detail: string): PhaseWarning[] {
  return condition ? [{ code, detail }] : [];
}

/** The canary in a warning's text, explained, since many readers meet it there first. */
export const canaryName = "the canary (one client in a process of its own)";

/** How a warning's text calls a process, with its host where there are several. */
export function named({ process, host }: Pick<ProcessStall, "process" | "host">): string {
  const name = process === "canary" ? canaryName : `the ${process} process`;
  return host === undefined ? name : `${name} on ${host}`;
}
