import { setTimeout } from "node:timers/promises";
import type { ProgramVerbs } from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import type { Resources } from "../results/schema.ts";

/** The processes that run what stands in front of servers. */
export const frontNames = { balancer: "balancer", proxy: "proxy" } as const;

/** How long it takes at most until its end is known. */
const noticedMs = 1_000;

/** A program that others wrote and that stands in front of the servers of a trial, at one address. */
export class FrontProgram implements AsyncDisposable {
  protected readonly remote: Remote<ProgramVerbs>;

  protected constructor(remote: Remote<ProgramVerbs>) {
    this.remote = remote;
  }

  /** Resolves when it has ended by itself. */
  get ended(): Promise<ProcessEnded> {
    return this.remote.ended;
  }

  /** How it has ended, which others may have noticed before this process did; null where it goes on. */
  async lost(): Promise<ProcessEnded | null> {
    const over = new AbortController();
    const goesOn = setTimeout(noticedMs, null, { signal: over.signal });
    goesOn.catch(() => {});
    const ended = await Promise.race([this.remote.ended, goesOn]);
    over.abort();
    return ended;
  }

  /** Opens the window in which its resources are counted. */
  async begin(): Promise<void> {
    await this.remote.call("begin", {});
  }

  /** Closes it; null where they can't be observed. */
  async end(): Promise<Resources | null> {
    return await this.remote.call("end", {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remote[Symbol.asyncDispose]();
  }
}
