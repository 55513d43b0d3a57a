import { checkBroker } from "../bus/user-broker.ts";
import { usageError } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import type { Batch } from "../plan/plan.ts";
import { fileOfProgram } from "../machine/program-file.ts";
import { programNamed } from "../programs/index.ts";
import { namedError } from "../settings/naming.ts";
import { programFor } from "./trial-bus.ts";

/**
 * Looks for the program of a bus, or asks the user's own broker, so that what is wrong is reported before anything
 * starts. `naming` tells what the user asked for it by.
 */
export async function preflightBroker(
  plan: readonly Batch[],
  naming: (key: "bus" | "redis" | "nats") => string,
): Promise<void> {
  const first = plan.flat()[0];
  if (first === undefined || first.bus === "none") return;
  const { bus, broker } = first;
  if (broker === null) {
    const name = programFor[bus];
    try {
      if (name !== null) fileOfProgram(programNamed(name));
    } catch (error) {
      throw namedError(error, `${naming("bus")} ${bus}`);
    }
    return;
  }
  try {
    await checkBroker(bus, broker);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const setting = naming(bus === "nats" ? "nats" : "redis");
    throw usageError(`${setting} ${broker.shown}: ${withoutSecrets(reason, broker.url)}`);
  }
}
