import type { Carriage, Cutting, NetworkVerbs } from "../../scenarios/scenario.ts";
import { noNetwork, noPackets } from "../plan/rehearsal.ts";
import { directionNames } from "../network/stream-relay.ts";
import type { NetworkVerbs as ProcessVerbs } from "../processes/protocol.ts";
import type { PacketNetwork } from "../packets/packet-network.ts";
import type { Remote } from "../processes/remote.ts";
import { parseNetwork } from "../settings/parse-network.ts";

/** Carries out what a script asks of the network, by asking what plays it. */
export class MisbehavingNetworkVerbs implements NetworkVerbs {
  readonly #network: Remote<ProcessVerbs> | null;
  readonly #packets: PacketNetwork | null;

  /** Each is null where the scenario doesn't say that it uses it. */
  constructor(network: Remote<ProcessVerbs> | null, packets: PacketNetwork | null) {
    this.#network = network;
    this.#packets = packets;
  }

  async carry(change: Partial<Carriage>, direction?: "down" | "up"): Promise<void> {
    const directions = direction === undefined ? directionNames : [direction];
    await this.#asked().call("carry", { directions, change });
  }

  async cut({ how, share = 1, afterMs = 0 }: Cutting): Promise<void> {
    await this.#asked().call("cut", { how, share, forMs: afterMs });
  }

  async refuse(): Promise<void> {
    await this.#asked().call("refuse", {});
  }

  async restore(): Promise<void> {
    await this.#asked().call("restore", {});
  }

  async become(network: string): Promise<void> {
    if (this.#packets === null) throw new Error(noPackets);
    await this.#packets.set(parseNetwork(network));
  }

  #asked(): Remote<ProcessVerbs> {
    if (this.#network === null) throw new Error(noNetwork);
    return this.#network;
  }
}
