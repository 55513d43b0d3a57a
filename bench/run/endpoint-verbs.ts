import type { EndpointAsking } from "../../scenarios/scenario.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { noEndpoint } from "../plan/rehearsal.ts";
import type { RecordedEndpoint } from "../results/recorded-endpoint.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** The longest that answers which began in time may take to come. */
const longestAnswerMs = 600_000;

/** Has a trial's clients ask the user's endpoint, as a script wants it. */
export async function askedBy(
  { scenario }: PlannedTrial,
  { asker }: TrialProcesses,
  how: EndpointAsking,
): Promise<RecordedEndpoint> {
  if (asker === null || scenario.asksEndpoint !== true) throw new Error(noEndpoint);
  return await asker.call("ask", { how, forMs: how.forMs, timeoutMs: longestAnswerMs });
}
