import type {
  Carriage,
  Carrying,
  Cutting,
  NetworkVerbs,
  Noticed,
  Silence,
} from "../../scenarios/scenario.ts";
import { noNetwork, noPackets } from "../plan/rehearsal.ts";
import { directionNames, everyTurn } from "../network/stream-relay.ts";
import type { DirectionName } from "../network/stream-relay.ts";
import type { NetworkVerbs as ProcessVerbs } from "../processes/protocol.ts";
import type { PacketNetwork } from "../packets/packet-network.ts";
import type { Remote } from "../processes/remote.ts";
import { parsePackets } from "../settings/parse-network.ts";

import { noticingOf } from "./noticing.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** Carries out what a script asks of the network, by asking what plays it. */
export class MisbehavingNetworkVerbs implements NetworkVerbs {
  readonly #processes: TrialProcesses;
  readonly #packets: PacketNetwork | null;

  /** `packets` is null where the scenario doesn't say that it uses them. */
  constructor(processes: TrialProcesses, packets: PacketNetwork | null) {
    this.#processes = processes;
    this.#packets = packets;
  }

  async carry(change: Partial<Carriage>, { direction, afterMs = 0 }: Carrying = {}): Promise<void> {
    const directions = directionsOf(direction);
    await this.#asked().call("carry", { directions, change, afterMs });
  }

  async cut({ how, share = 1, afterMs = 0, refuseForMs = 0 }: Cutting): Promise<void> {
    await this.#asked().call("cut", { how, share, afterMs, refuseForMs });
  }

  async fallSilent({ forMs, direction }: Silence): Promise<Noticed> {
    const { servers, fleet } = this.#processes;
    // Nobody notices as soon as these are asked.
    const watched = Promise.all([
      servers.ask((server) => server.call("watchEnds", { forMs })),
      fleet.each(({ remote }) => remote.call("watchEnds", { forMs })),
    ]);
    const stall = { directions: directionsOf(direction), change: { isStalled: true }, afterMs: 0 };
    const [sinceNs, [ofServers, ofClients]] = await Promise.all([
      this.#asked().call("carry", stall),
      watched,
    ]);
    return {
      clients: noticingOf(ofClients, sinceNs),
      server: ofServers.includes(null)
        ? null
        : noticingOf(
            ofServers.filter((ends) => ends !== null),
            sinceNs,
          ),
    };
  }

  async refuse(): Promise<void> {
    await this.#asked().call("refuse", { which: everyTurn });
  }

  async restore({ afterMs = 0 }: Pick<Carrying, "afterMs"> = {}): Promise<void> {
    await this.#asked().call("restore", { afterMs });
  }

  async become(network: string): Promise<void> {
    if (this.#packets === null) throw new Error(noPackets);
    await this.#packets.set(parsePackets(network));
  }

  #asked(): Remote<ProcessVerbs> {
    const { network } = this.#processes;
    if (network === null) throw new Error(noNetwork);
    return network;
  }
}

function directionsOf(direction: DirectionName | undefined): readonly DirectionName[] {
  return direction === undefined ? directionNames : [direction];
}
