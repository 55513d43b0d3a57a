import type { BusFate, FateOnBus } from "../measure/losses.ts";
import type { BusLoss } from "./bus-books.ts";

/** The messages of a phase that servers haven't taken, of so many servers. */
export interface BusQuestion {
  readonly servers: number;
  readonly losses: readonly BusLoss[];
}

/** Deliveries that are missing since their message didn't reach their server. */
export type BusFates = Readonly<Record<BusFate, number>>;

/** A client, by what decides what it gets. */
export interface Receiver {
  /** With which of the servers it is, counted from 0. */
  readonly server: number;
  readonly channel: string;
  misses(sequence: number): boolean;
}

export function fatesOnBus({ losses }: BusQuestion): FateOnBus {
  const known = new Map(losses.map((loss) => [`${loss.sequence} ${loss.channel}`, loss]));
  return (server, channel, sequence) => {
    const loss = known.get(`${sequence} ${channel}`);
    return loss === undefined || !loss.servers.includes(server) ? null : fateOf(loss);
  };
}

/** How many deliveries the losses cost these clients. */
export function lostOnBus({ losses }: BusQuestion, receivers: Iterable<Receiver>): BusFates {
  const byChannel = new Map<string, Receiver[]>();
  for (const receiver of receivers) {
    const others = byChannel.get(receiver.channel);
    if (others === undefined) byChannel.set(receiver.channel, [receiver]);
    else others.push(receiver);
  }
  const fates = { unsent: 0, untaken: 0 };
  for (const loss of losses) {
    for (const receiver of byChannel.get(loss.channel) ?? []) {
      const isHit = loss.servers.includes(receiver.server) && receiver.misses(loss.sequence);
      if (isHit) fates[fateOf(loss)] += 1;
    }
  }
  return fates;
}

function fateOf({ isUnsent }: BusLoss): BusFate {
  return isUnsent ? "unsent" : "untaken";
}
