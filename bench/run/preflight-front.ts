import { usageError } from "../errors/errors.ts";
import { openFilesLimit } from "../machine/kernel.ts";
import type { Batch } from "../plan/plan.ts";
import { fileOfProgram, whyNoProgram } from "../machine/program-file.ts";
import { programNamed } from "../programs/index.ts";
import { proxyOf } from "../settings/proxies.ts";
import { namedError } from "../settings/naming.ts";
import { clientsOf, descriptorsFor } from "./trial-balancer.ts";

/**
 * Looks for the programs of a balancer and of proxies, and whether a balancer has descriptors for all clients, so that
 * what is wrong is reported before anything starts. `naming` tells what the user asked for them by.
 */
export async function preflightFront(
  plan: readonly Batch[],
  naming: (key: "balance" | "transports") => string,
  limit: number | null = openFilesLimit(),
): Promise<void> {
  for (const { variant } of plan.flat()) {
    const through = proxyOf(variant.bound);
    const missing = through === null ? null : whyNoProgram(through.proxy);
    if (missing !== null) throw usageError(`${naming("transports")}: ${variant.name}: ${missing}`);
  }
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
