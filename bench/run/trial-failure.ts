import { BenchError } from "../errors/errors.ts";
import { NoAnswer } from "../processes/deadline.ts";
import { ProcessEnded } from "../processes/remote.ts";
import type { TrialOutcome } from "../results/schema.ts";
import { asProse } from "../results/texts.ts";
import { withoutSecrets } from "../errors/secrets.ts";

/** A trial can't go on for want of something that the machine or the harness, and not the server, owes it. */
export class MachineFailure extends Error {}

/** What ended a trial. Of whatever isn't known to be the machine's doing the server is thought to have done it. */
export function failure(error: unknown): TrialOutcome {
  return {
    status: "failed",
    by: isMachines(error) ? "machine" : "server",
    reason: withoutSecrets(asProse(error instanceof Error ? error.message : String(error))),
    stderr: error instanceof ProcessEnded ? withoutSecrets(error.stderr) : "",
  };
}

function isMachines(error: unknown): boolean {
  // The publisher says so where its server is gone.
  if (error instanceof ProcessEnded) return error.process !== "server" && !error.isExplained;
  if (error instanceof NoAnswer) return error.process !== "server";
  // The network of its own couldn't be made.
  return error instanceof MachineFailure || error instanceof BenchError;
}
