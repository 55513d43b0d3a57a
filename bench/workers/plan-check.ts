import { usageError } from "../errors/errors.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import type { ProgramName } from "../programs/index.ts";
import { programFor } from "../run/trial-bus.ts";
import type { Naming } from "../settings/naming.ts";
import { allTargets, isLoopback } from "../settings/target.ts";
import type { ServerTarget } from "../settings/target.ts";
import type { Place } from "./reach.ts";
import type { Placement } from "./worker-hosts.ts";

/** What has to be known of workers, by their names. */
export interface AskedWorkers {
  /** How many processes a worker runs at once. */
  capacity(name: string): number;
  /** The addresses on which a worker listens. */
  listen(name: string): readonly string[];
  /** Why a program can't be had there; null where it can. */
  lacks(name: string, program: ProgramName): Promise<string | null>;
  /** Why no connection leads from there to a place; null where one does. */
  unreached(name: string, place: Place): Promise<string | null>;
}

/** Where the processes of a trial would run. */
interface Placed {
  readonly workers: AskedWorkers;
  readonly trial: PlannedTrial;
  readonly placement: Placement;
  /** What the user asked for something by. */
  readonly naming: Naming;
}

/**
 * Looks whether workers have, and reach, what the trials of a run need beside them, so that what is wrong is reported
 * before anything starts. Throws a `BenchError`.
 */
export async function checkPlan(
  workers: AskedWorkers,
  plan: readonly Batch[],
  placementFor: (trial: PlannedTrial) => Placement,
  naming: Naming,
): Promise<void> {
  const checked = new Set<string>();
  for (const trial of plan.flat()) {
    const { scenario, servers } = trial;
    const needs = `${scenario.name} ${servers}`;
    if (checked.has(needs)) continue;
    checked.add(needs);
    const placed = { workers, trial, placement: placementFor(trial), naming };
    checkCapacity(placed);
    checkRelay(placed);
    await checkProgram(placed);
    await checkBroker(placed);
    await checkTarget(placed);
  }
}

/** Processes that have no place would be waited for. */
function checkCapacity({ workers, trial, placement }: Placed): void {
  for (const [name, count] of leastProcesses(trial, placement)) {
    const capacity = workers.capacity(name);
    if (count <= capacity) continue;
    throw usageError(
      `worker ${name} has a --capacity of ${capacity}, and ${trial.scenario.name} needs ${count} processes there at least`,
    );
  }
}

/** How many processes a trial has on each worker: with one for its clients, more than which it may have. */
function leastProcesses(
  { scenario, servers, relay, bus, broker }: PlannedTrial,
  placement: Placement,
): Map<string, number> {
  const processes = new Map<string, number>();
  const add = (names: readonly string[], index: number, count = 1): void => {
    const name = names[index % names.length] ?? "";
    processes.set(name, (processes.get(name) ?? 0) + count);
  };
  // One that may be restarted has another beside it.
  const each = scenario.restartsServer === true ? 2 : 1;
  for (let index = 0; index < servers; index += 1) add(placement.servers, index, each);
  if (relay !== null || scenario.usesNetwork === true) add(placement.servers, 0);
  if (programFor[bus] !== null && broker === null) add(placement.servers, 0);
  add(placement.clients, 0);
  if (scenario.canary === true) add(placement.clients, 1);
  if (scenario.hasIntruders === true) add(placement.clients, 0);
  return processes;
}

/** A relay runs beside the first server, and is found at an address for each of them. */
function checkRelay({ workers, trial, placement, naming }: Placed): void {
  const { relay, scenario, servers } = trial;
  if (relay === null && scenario.usesNetwork !== true) return;
  const [name] = placement.servers;
  const addresses = workers.listen(name).length;
  if (addresses >= servers) return;
  const what = relay === null ? `the scenario ${scenario.name}` : naming("network");
  throw usageError(
    `${what}: a relay in front of ${servers} servers needs as many addresses, and worker ${name} has ${addresses}: see its --listen`,
  );
}

/** The program of a bus runs beside the first server. */
async function checkProgram({ workers, trial, placement, naming }: Placed): Promise<void> {
  const { bus, broker } = trial;
  const program = programFor[bus];
  if (program === null || broker !== null) return;
  const [name] = placement.servers;
  const why = await workers.lacks(name, program);
  if (why !== null) throw usageError(`${naming("bus")} ${bus}: worker ${name}: ${why}`);
}

/** The user's own broker has to be the same for all servers. */
async function checkBroker(placed: Placed): Promise<void> {
  const { bus, broker } = placed.trial;
  if (broker === null) return;
  const { hostname } = new URL(broker.url);
  const place = { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: broker.port };
  const setting = `${placed.naming(bus === "nats" ? "nats" : "redis")} ${broker.shown}`;
  await checkReached(placed, placed.placement.servers, place, setting);
}

/** The user's own server has to be there already: what starts it, or is read on its machine, isn't on workers'. */
async function checkTarget(placed: Placed): Promise<void> {
  const { target } = placed.trial;
  if (target === null) return;
  const { servers, clients } = placed.placement;
  for (const one of allTargets(target)) {
    const alien = ofThisMachine(one);
    if (alien !== null) {
      const what = placed.naming(alien);
      throw usageError(`${what} is of this machine, and the run is played on others; leave it out`);
    }
    const setting = `${placed.naming("target")} ${one.url}`;
    const [host = one.host] = one.addresses;
    await checkReached(placed, [...servers, ...clients], { host, port: one.port }, setting);
  }
}

function ofThisMachine({ process, verification }: ServerTarget): string | null {
  if (process.kind !== "unknown") {
    return process.kind === "command" ? "targetCommand" : "targetPid";
  }
  return verification?.ca == null ? null : "ca";
}

async function checkReached(
  { workers }: Placed,
  names: readonly string[],
  place: Place,
  setting: string,
): Promise<void> {
  const all = [...new Set(names)];
  if (isLoopback(place.host) && all.length > 1) {
    const elsewhere = all.find((name) => !workers.listen(name).every(isLoopback));
    if (elsewhere !== undefined) {
      throw usageError(
        `${setting}: on ${elsewhere} and other workers, that is each its own machine`,
      );
    }
  }
  for (const name of all) {
    const why = await workers.unreached(name, place);
    if (why !== null) throw usageError(`${setting}: worker ${name} can't reach it (${why})`);
  }
}
