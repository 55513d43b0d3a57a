import type { BrowserName } from "../../transports/browser-names.ts";
import type { BrowserPlace } from "../browsers/tab.ts";
import type { ProgramVerbs } from "../processes/protocol.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { Remote } from "../processes/remote.ts";
import type { Resources } from "../results/schema.ts";
import { atHost } from "./at-host.ts";
import type { Host } from "./host.ts";
import { startProgram } from "./start-program.ts";

/** The browser in which the clients of one load process live. */
export class TrialBrowser implements AsyncDisposable {
  readonly #name: BrowserName;
  readonly #remote: Remote<ProgramVerbs>;
  /** Whether its resources are told: that of the canary does nothing that others do. */
  readonly #isTold: boolean;
  readonly #place: Promise<BrowserPlace>;

  /** Begins to start it; `of` is the process whose clients live in it. */
  constructor(name: BrowserName, host: Host, of: string) {
    this.#name = name;
    this.#remote = host.start("program", `${name} of ${of}`);
    this.#isTold = of !== "canary";
    this.#place = this.#start();
    // It is told to who asks where it is.
    this.#place.catch(() => {});
  }

  async #start(): Promise<BrowserPlace> {
    const { host, port } = await startProgram(this.#remote, { name: this.#name, as: "browser" });
    return { name: this.#name, host, port };
  }

  /** Where it is found, once it serves. */
  get place(): Promise<BrowserPlace> {
    return this.#place;
  }

  /** Resolves when it has ended by itself. */
  get ended(): Promise<ProcessEnded> {
    return this.#remote.ended;
  }

  /** Opens the window in which its resources are counted. */
  async begin(): Promise<void> {
    await this.#remote.call("begin", {});
  }

  /** Closes it; null where they can't be observed. */
  async end(): Promise<Resources | null> {
    const used = await this.#remote.call("end", {});
    return used === null || !this.#isTold ? null : atHost(this.#remote, used);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remote[Symbol.asyncDispose]();
  }
}
