import type { Batch } from "../plan.ts";
import { rehearse } from "../rehearsal.ts";
import { connectionCapacity } from "./capacity.ts";
import { readFacts } from "./facts.ts";
import { spoilingFindings } from "./findings.ts";
import { noteText } from "./text.ts";

/**
 * What there is to say before a run: a line for each thing that makes its figures worse than they need
 * be. Reads only what costs nothing.
 */
export async function notesBefore(plan: readonly Batch[]): Promise<string> {
  const rehearsals = await Promise.all(plan.flat().map(rehearse));
  const wanted = Math.max(0, ...rehearsals.map(({ mostClients }) => mostClients));
  const facts = await readFacts(wanted);
  const findings = spoilingFindings(facts, wanted, connectionCapacity(facts));
  return findings.map((finding) => `${noteText(finding)}\n`).join("");
}
