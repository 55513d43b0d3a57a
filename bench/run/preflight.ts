import { isCompressed, isHttp2 } from "../../transports/layers.ts";
import { BenchError, usageError } from "../errors/errors.ts";
import { Network } from "../network/network.ts";
import { PacketNetwork } from "../packets/packet-network.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { unsubscribable } from "../processes/connect-to-target.ts";
import { relayOffer } from "../settings/parse-network.ts";
import { npxCommand } from "../text/command-name.ts";
import { thisMachine } from "./host.ts";
import type { Elsewhere, Host } from "./host.ts";
import { rehearse } from "../plan/rehearsal.ts";
import type { TrialParameters } from "../processes/protocol.ts";
import { allTargets } from "../settings/target.ts";
import { servingFor, trialParametersOf } from "./serving.ts";
import type { Serving } from "./serving.ts";

/**
 * Has one client of each variant subscribe to the user's own server, started for it where that is wanted,
 * so that what is wrong is reported before anything is measured. `setting` is what the user named it by, and `elsewhere`
 * is where trials run.
 */
export async function preflightTarget(
  plan: readonly Batch[],
  setting: string,
  elsewhere: Pick<Elsewhere, "hostsFor"> | null = null,
): Promise<void> {
  const trials = plan.flat().filter(({ target }) => target !== null);
  const one = new Map(trials.map((trial) => [trial.variant.name, trial]));
  for (const trial of one.values()) {
    const hosts = await elsewhere?.hostsFor(trial);
    try {
      await preflightOne(trial, hosts?.servers ?? thisMachine, setting, one.size === 1);
    } finally {
      await hosts?.attempt?.[Symbol.asyncDispose]();
    }
  }
}

async function preflightOne(
  trial: PlannedTrial,
  host: Host,
  setting: string,
  isOnly: boolean,
): Promise<void> {
  const { target, variant } = trial;
  if (target === null) return;
  const targets = allTargets(target);
  const servings = targets.map((_, index) => servingFor(trial, host.at(index), index));
  const parameters = trialParametersOf(trial);
  try {
    for (const [index, { url }] of targets.entries()) {
      const at = targets.length === 1 ? variant.name : `${variant.name} at ${url}`;
      const details = isOnly ? detailsOf(trial, url) : otherFormat;
      await start(servings[index], parameters, `${setting}, with ${at}`, details);
    }
    const deaf = targets.length === 1 ? null : await unreached(trial, servings);
    if (deaf === null) return;
    throw usageError(
      `${setting}, with ${variant.name}: ${targets[deaf]?.url} doesn't deliver what is published at ${target.url}; are they on one bus?`,
    );
  } finally {
    await Promise.all(servings.map((serving) => serving[Symbol.asyncDispose]()));
  }
}

const otherFormat = "; use --transports to name the format that it speaks";

async function start(
  serving: Serving | undefined,
  parameters: TrialParameters,
  setting: string,
  details: string,
): Promise<void> {
  try {
    await serving?.start(parameters);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = reason.replace(/^publisher(?: \d+)?: /, "");
    throw usageError(`${setting}: ${why}${why.startsWith(unsubscribable) ? details : ""}`);
  }
}

/** How long a message may take from one server to the clients of another, beside their waiting to poll. */
const acrossMs = 2_000;

/** Which server of a fleet doesn't deliver what is published at the first; null where all do, or none has to. */
async function unreached(
  trial: PlannedTrial,
  [first, ...others]: readonly Serving[],
): Promise<number | null> {
  const { stretches } = await rehearse(trial);
  if (!stretches.some(({ published }) => published)) return null;
  const forMs = acrossMs + 2 * (trial.variant.bound.polling?.intervalMs ?? 0);
  const hearing = Promise.all(
    others.map(async ({ publisher }) => (await publisher?.call("hears", { forMs })) ?? false),
  );
  await first?.remote.call("begin", { measured: false });
  await first?.remote.call("publish", { ratePerSecond: 100, forMs: 10, firstSequence: 1 });
  const deaf = (await hearing).indexOf(false);
  return deaf < 0 ? null : deaf + 1;
}

/** Refers to the command that shows where a server departs from the wire format. */
function detailsOf({ variant }: PlannedTrial, url: string): string {
  const { layers } = variant.bound;
  // Whose cases are in HTTP/1.1, without compression.
  if (isHttp2(layers) || isCompressed(layers)) return "";
  return `; see ${npxCommand} conformance ${url} --transport ${variant.name}`;
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
