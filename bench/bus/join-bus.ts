import type { BusName } from "../../transports/bus-names.ts";
import type { BrokerPlace, Bus, Peer, Take } from "./bus.ts";
import { FramedBusEnd } from "./bus-end.ts";
import type { BusEnd, Deliver } from "./bus-end.ts";
import type { DirectBus } from "./direct-bus.ts";
import { NatsBus } from "./nats-bus.ts";
import { RedisBus } from "./redis-bus.ts";
import { RedisStreamBus } from "./redis-stream-bus.ts";

/** How servers are joined: by a broker, or each to its peers. */
export type Joining =
  | { readonly kind: "none"; readonly peers: readonly Peer[] }
  | { readonly kind: BrokerBusName; readonly broker: BrokerPlace };

/** The buses that need a broker. */
export type BrokerBusName = Exclude<BusName, "none">;

const brokered: Readonly<
  Record<BrokerBusName, { join(place: BrokerPlace, take: Take): Promise<Bus> }>
> = {
  redis: RedisBus,
  "redis-streams": RedisStreamBus,
  nats: NatsBus,
};

/**
 * Joins a bus. What any server publishes from then on is delivered, and from a log also all before. `direct` is this
 * server's end where there is no broker; `sequenceOf` tells the number of a message on its channel; for `wasTold` see `BusBooks`.
 */
export async function joinBus(
  joining: Joining,
  direct: DirectBus | null,
  deliver: Deliver,
  sequenceOf: (payload: Buffer) => number | null,
  wasTold = false,
): Promise<BusEnd> {
  const end = new FramedBusEnd(deliver, sequenceOf);
  if (joining.kind !== "none") {
    end.joined(await brokered[joining.kind].join(joining.broker, end.take), true);
    return end;
  }
  if (direct === null) throw new Error("a server has to be reachable before it joins its peers");
  await direct.join(joining.peers, end.take);
  end.joined(direct, false, wasTold);
  return end;
}
