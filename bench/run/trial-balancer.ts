import type { BalancerName } from "../../transports/balancer-names.ts";
import { openFilesLimit } from "../machine/kernel.ts";
import { urlAt } from "../measure/dialler.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { rehearse } from "../plan/rehearsal.ts";
import type { ProgramName } from "../programs/index.ts";
import type { Phase } from "../results/schema.ts";
import { readsBytes } from "../settings/balance.ts";
import { FrontProgram, frontNames } from "./front-program.ts";
import type { Host } from "./host.ts";
import type { Endpoint } from "./serving.ts";
import { startProgram } from "./start-program.ts";

/** Descriptors that a balancer uses for itself, and a margin. */
const reservedDescriptors = 100;

/** A client that polls may have one connection for that, one for what it sends up, and one that it is upgraded to. */
const connectionsEach = 3;

/** How many descriptors so many clients need in a process that has a connection to each, and one for it to a server. */
export function descriptorsFor(clients: number): number {
  return 2 * clients + reservedDescriptors;
}

/** The most clients that a trial comes to, with its canary. */
export async function clientsOf(trial: PlannedTrial): Promise<number> {
  const { maxClients } = await rehearse(trial);
  return maxClients + (trial.scenario.canary === true ? 1 : 0);
}

/** What stands in front of the servers of a trial: a program that others wrote, at one address. */
export class TrialBalancer extends FrontProgram {
  readonly #trial: PlannedTrial;
  readonly #name: ProgramName;
  readonly #reads: "http" | "bytes";
  #version = "";

  /** Null where clients dial the servers. */
  static of(trial: PlannedTrial, host: Host): TrialBalancer | null {
    return trial.balance === "none" ? null : new TrialBalancer(trial, trial.balance, host);
  }

  private constructor(trial: PlannedTrial, name: Exclude<BalancerName, "none">, host: Host) {
    super(host.start("program", frontNames.balancer));
    this.#trial = trial;
    this.#name = name;
    this.#reads = readsBytes(trial.variant) ? "bytes" : "http";
  }

  /** Puts it in front of these servers; resolves with where clients find it. */
  async start(behind: Endpoint): Promise<Endpoint> {
    const wanted = connectionsEach * (await clientsOf(this.#trial)) + reservedDescriptors;
    const files = openFilesLimit() ?? Number.POSITIVE_INFINITY;
    const connections = Math.min(wanted, Math.floor((files - reservedDescriptors) / 2));
    const servers = behind.servers.map(({ host, port }) => ({ host, port }));
    const fronting = { servers, reads: this.#reads, connections };
    const { host, port, version } = await startProgram(this.remote, {
      name: this.#name,
      as: "balancer",
      fronting,
    });
    this.#version = version;
    const url = urlAt(host, port, behind.trust !== null).href;
    return { ...behind, servers: [{ host, port, url }], ownAddresses: true };
  }

  /** Has it give these servers no connections and requests from here on; counted from 0. */
  async drain(servers: readonly number[]): Promise<void> {
    await this.remote.call("drain", { servers });
  }

  /** Has it forget which client was with which server. */
  async forget(): Promise<void> {
    await this.remote.call("forget", {});
  }

  /** What it was in a phase, in which each server has written so many bytes of deliveries. */
  phase(deliveredBytes: readonly (number | null)[]): NonNullable<Phase["balancer"]> {
    const known = deliveredBytes.filter((bytes) => bytes !== null);
    return {
      program: this.#version,
      reads: this.#reads,
      servers: this.#trial.servers,
      deliveredBytes: known.length < deliveredBytes.length ? null : known,
    };
  }
}
