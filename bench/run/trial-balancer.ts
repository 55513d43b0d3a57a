import { setTimeout } from "node:timers/promises";
import type { BalancerName } from "../../transports/balancer-names.ts";
import { openFilesLimit } from "../machine/kernel.ts";
import { urlAt } from "../measure/dialler.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { rehearse } from "../plan/rehearsal.ts";
import type { ProgramVerbs } from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import type { ProgramName } from "../programs/index.ts";
import type { Phase, Resources } from "../results/schema.ts";
import { readsBytes } from "../settings/balance.ts";
import type { Host } from "./host.ts";
import type { Endpoint } from "./serving.ts";
import { startProgram } from "./start-program.ts";

/** The process that runs the balancer. */
export const balancerName = "balancer";

/** How long it takes at most until its end is known. */
const noticedMs = 1_000;

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
export class TrialBalancer implements AsyncDisposable {
  readonly #trial: PlannedTrial;
  readonly #name: ProgramName;
  readonly #reads: "http" | "bytes";
  readonly #remote: Remote<ProgramVerbs>;
  #version = "";

  /** Null where clients dial the servers. */
  static of(trial: PlannedTrial, host: Host): TrialBalancer | null {
    return trial.balance === "none" ? null : new TrialBalancer(trial, trial.balance, host);
  }

  private constructor(trial: PlannedTrial, name: Exclude<BalancerName, "none">, host: Host) {
    this.#trial = trial;
    this.#name = name;
    this.#reads = readsBytes(trial.variant) ? "bytes" : "http";
    this.#remote = host.start("program", balancerName);
  }

  /** Resolves when it has ended by itself. */
  get ended(): Promise<ProcessEnded> {
    return this.#remote.ended;
  }

  /** Puts it in front of these servers; resolves with where clients find it. */
  async start(behind: Endpoint): Promise<Endpoint> {
    const wanted = connectionsEach * (await clientsOf(this.#trial)) + reservedDescriptors;
    const files = openFilesLimit() ?? Number.POSITIVE_INFINITY;
    const connections = Math.min(wanted, Math.floor((files - reservedDescriptors) / 2));
    const servers = behind.servers.map(({ host, port }) => ({ host, port }));
    const fronting = { servers, reads: this.#reads, connections };
    const { host, port, version } = await startProgram(this.#remote, {
      name: this.#name,
      as: "balancer",
      fronting,
    });
    this.#version = version;
    const url = urlAt(host, port, behind.trust !== null).href;
    return { ...behind, servers: [{ host, port, url }], ownAddresses: true };
  }

  /** How it has ended, which others may have noticed before this process did; null where it goes on. */
  async lost(): Promise<ProcessEnded | null> {
    const over = new AbortController();
    const goesOn = setTimeout(noticedMs, null, { signal: over.signal });
    goesOn.catch(() => {});
    const ended = await Promise.race([this.#remote.ended, goesOn]);
    over.abort();
    return ended;
  }

  /** Opens the window in which its resources are counted. */
  async begin(): Promise<void> {
    await this.#remote.call("begin", {});
  }

  /** Closes it; null where they can't be observed. */
  async end(): Promise<Resources | null> {
    return await this.#remote.call("end", {});
  }

  /** Has it give these servers no connections and requests from here on; counted from 0. */
  async drain(servers: readonly number[]): Promise<void> {
    await this.#remote.call("drain", { servers });
  }

  /** Has it forget which client was with which server. */
  async forget(): Promise<void> {
    await this.#remote.call("forget", {});
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remote[Symbol.asyncDispose]();
  }
}
