import type { Carriage, Cutting, NetworkVerbs } from "../../scenarios/scenario.ts";
import { noNetwork } from "../plan/rehearsal.ts";
import { directionNames } from "../network/stream-relay.ts";
import type { NetworkVerbs as ProcessVerbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";

/** Carries out what a script asks of the network, by asking the process that plays it. */
export class RelayVerbs implements NetworkVerbs {
  readonly #network: Remote<ProcessVerbs> | null;

  /** Null where the scenario doesn't say that it uses one. */
  constructor(network: Remote<ProcessVerbs> | null) {
    this.#network = network;
  }

  async carry(change: Partial<Carriage>, direction?: "down" | "up"): Promise<void> {
    const directions = direction === undefined ? directionNames : [direction];
    await this.#asked().call("carry", { directions, change });
  }

  async cut({ how, share = 1, afterMs = 0, refuseForMs = 0 }: Cutting): Promise<void> {
    await this.#asked().call("cut", { how, share, forMs: afterMs, refuseForMs });
  }

  async refuse(): Promise<void> {
    await this.#asked().call("refuse", {});
  }

  async restore(): Promise<void> {
    await this.#asked().call("restore", {});
  }

  #asked(): Remote<ProcessVerbs> {
    if (this.#network === null) throw new Error(noNetwork);
    return this.#network;
  }
}
