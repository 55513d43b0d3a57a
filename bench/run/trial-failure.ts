import { BenchError } from "../errors/errors.ts";
import { NoAnswer } from "../processes/deadline.ts";
import { ProcessEnded } from "../processes/process-ended.ts";
import { MachineFailure } from "./machine-failure.ts";
import { frontNames } from "./front-program.ts";
import { brokerName } from "./trial-bus.ts";
import type { TrialOutcome } from "../results/schema.ts";
import { asProse } from "../results/texts.ts";
import type { Variant } from "../settings/variant.ts";
import { withoutSecrets } from "../errors/secrets.ts";

/** The transport that a trial measured. */
type Culprit = Partial<Pick<Variant, "adapter" | "transport">>;

/**
 * The outcome of a trial that an error ended: the server is taken for the cause unless the machine is known to be.
 */
export function failure(error: unknown, { adapter, transport }: Culprit = {}): TrialOutcome {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    status: "failed",
    by: isMachines(error, adapter !== undefined) ? "machine" : "server",
    reason: withoutSecrets(asProse(adapter === undefined ? reason : `${transport}: ${reason}`)),
    stderr: error instanceof ProcessEnded ? withoutSecrets(error.stderr) : "",
  };
}

/** The processes that run what somebody else wrote. */
const ofOthers: ReadonlySet<string> = new Set([brokerName, ...Object.values(frontNames)]);

/** `server`, or `server 2` where there are several. */
function isServer(process: string): boolean {
  return /^server\b/.test(process);
}

/** Where code of an outsider's runs in each process, it is taken for the cause of their ends. */
function isMachines(error: unknown, hasAdapter: boolean): boolean {
  if (error instanceof ProcessEnded && error.by === "machine") return true;
  if (hasAdapter && (error instanceof ProcessEnded || error instanceof NoAnswer)) return false;
  // What somebody else wrote has ended, and the server is not to blame.
  if (error instanceof ProcessEnded && ofOthers.has(error.process)) return true;
  // A publisher whose server is gone says so in its farewell.
  if (error instanceof ProcessEnded) return !isServer(error.process) && !error.isExplained;
  if (error instanceof NoAnswer) return !isServer(error.process);
  // A `BenchError` comes from a trial's network that couldn't be made.
  return error instanceof MachineFailure || error instanceof BenchError;
}
