import { isCompressed, isHttp2 } from "../../transports/layers.ts";
import { BenchError, usageError } from "../errors/errors.ts";
import { Network } from "../network/network.ts";
import { PacketNetwork } from "../packets/packet-network.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { unsubscribable } from "../processes/connect-to-target.ts";
import { relayOffer } from "../settings/parse-network.ts";
import { npxCommand } from "../text/command-name.ts";
import { thisMachine } from "./host.ts";
import { servingFor, trialParametersOf } from "./serving.ts";

/**
 * Has one client of each variant subscribe to the user's own server, started for it where that is wanted,
 * so that what is wrong is reported before anything is measured. `setting` is what the user named it by.
 */
export async function preflightTarget(plan: readonly Batch[], setting: string): Promise<void> {
  const trials = plan.flat().filter(({ target }) => target !== null);
  const one = new Map(trials.map((trial) => [trial.variant.name, trial]));
  for (const trial of one.values()) await preflightOne(trial, setting, one.size === 1);
}

async function preflightOne(trial: PlannedTrial, setting: string, isOnly: boolean): Promise<void> {
  await using serving = servingFor(trial, thisMachine);
  try {
    await serving.start(trialParametersOf(trial));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = reason.replace(/^publisher: /, "");
    const advice = isOnly
      ? detailsOf(trial)
      : "; use --transports to name the format that it speaks";
    throw usageError(
      `${setting}, with ${trial.variant.name}: ${why}${why.startsWith(unsubscribable) ? advice : ""}`,
    );
  }
}

/** Refers to the command that shows where a server departs from the wire format. */
function detailsOf({ variant, target }: PlannedTrial): string {
  const { layers } = variant.bound;
  // Whose cases are in HTTP/1.1, without compression.
  if (target === null || isHttp2(layers) || isCompressed(layers)) return "";
  return `; see ${npxCommand} conformance ${target.url} --transport ${variant.name}`;
}

/**
 * Makes networks like those of the trials, so that what is missing is reported before anything starts. `setting` is by
 * what the user asked for `--netns`, or for a packet network.
 */
export async function preflightNetworks(
  plan: readonly Batch[],
  naming: (key: "netns" | "network") => string,
): Promise<void> {
  const trials = plan.flat();
  if (trials.some(({ netns }) => netns)) {
    await preflightNetwork(naming("netns"), () => Network.open(1));
  }
  const first = trials.find(({ network }) => network !== null);
  if (first === undefined || first.network === null) return;
  const { network, scenario, seed } = first;
  const isScripted = scenario.usesNetwork === "packets";
  const setting = isScripted ? `the scenario ${scenario.name}` : naming("network");
  const offer = isScripted ? "" : relayOffer(network);
  await preflightNetwork(setting, () => PacketNetwork.open(network, seed, 1), offer);
}

async function preflightNetwork(
  setting: string,
  open: () => Promise<AsyncDisposable>,
  offer = "",
): Promise<void> {
  try {
    const network = await open();
    await network[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof BenchError) throw usageError(`${setting}: ${error.message}${offer}`);
    throw error;
  }
}
