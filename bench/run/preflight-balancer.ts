import { usageError } from "../errors/errors.ts";
import { openFilesLimit } from "../machine/kernel.ts";
import type { Batch } from "../plan/plan.ts";
import { fileOfProgram, programNamed } from "../programs/index.ts";
import { namedError } from "../settings/naming.ts";
import { clientsOf, descriptorsFor } from "./trial-balancer.ts";

/**
 * Looks for the program of a balancer, and whether it has descriptors for all clients, so that what is wrong is reported
 * before anything starts. `naming` tells what the user asked for it by.
 */
export async function preflightBalancer(
  plan: readonly Batch[],
  naming: (key: "balance") => string,
  limit: number | null = openFilesLimit(),
): Promise<void> {
  const trials = plan.flat().filter(({ balance }) => balance !== "none");
  const [first] = trials;
  if (first === undefined || first.balance === "none") return;
  const setting = `${naming("balance")} ${first.balance}`;
  try {
    fileOfProgram(programNamed(first.balance));
  } catch (error) {
    throw namedError(error, setting);
  }
  const clients = Math.max(...(await Promise.all(trials.map(clientsOf))));
  const needed = descriptorsFor(clients);
  if (limit === null || needed <= limit) return;
  throw usageError(
    `${setting}: ${clients} clients need ${needed} descriptors in one process, and ${limit} are allowed; raise that by ulimit -n, or name fewer --clients`,
  );
}
