import { mergeHistograms } from "../measure/histogram.ts";
import type { Collected } from "../processes/protocol.ts";
import type { Histogram, Phase } from "../results/schema.ts";
import type { OutageFates } from "../rooms/outage.ts";
import type { RoomReport } from "../rooms/room-books.ts";
import type { RoomLatency } from "../rooms/room-latencies.ts";
import { countByRoom, roomsOfMessages } from "../rooms/room-order.ts";
import { placesIn, roomAt } from "../rooms/room-plan.ts";
import { sum } from "../statistics/basics.ts";
import type { RoomTraffic, SentToRooms } from "./room-traffic.ts";

/** What rooms were like in a phase. */
export interface PhaseRooms {
  readonly traffic: RoomTraffic;
  readonly clients: number;
  readonly serverCount: number;
  /** The reports of load processes. */
  readonly recordings: readonly Pick<Collected, "rooms">[];
}

/** Throws where what clients expect isn't what was sent: then no figure would mean anything. */
export function phaseRooms(phase: PhaseRooms): NonNullable<Phase["rooms"]> {
  const { traffic, clients } = phase;
  const { plan, sent } = traffic;
  const reports = phase.recordings.flatMap(({ rooms }) => rooms ?? []);
  const messages = messagesBySize(traffic);
  const latencies = reports.flatMap((report) => report.latencies);
  const sizes = plan.rooms.map((size, index) => ({
    clients: size.clients,
    rooms: size.count,
    messages: messages[index] ?? 0,
    expected: sum(reports.map(({ expected }) => expected[index] ?? 0)),
    delivery: merged(latencies.filter((latency) => latency.size === index)),
  }));
  const joins = joinsOf(reports);
  if (joins === null && clients === placesIn(plan)) {
    for (const size of sizes) check(size);
  }
  // Who is alone gets what it sends from its own server, sooner than those of larger rooms would.
  const isShared = ({ size }: RoomLatency): boolean => (plan.rooms[size]?.clients ?? 0) > 1;
  return {
    sizes,
    ...(phase.serverCount > 1 && byServer(latencies.filter(isShared), sent)),
    inFlight: sum(reports.map(({ inFlight }) => inFlight)),
    ...(joins !== null && { joins }),
  };
}

/**
 * What became of every delivery of a phase in which the broker was away, for which clients didn't lose their connections;
 * null where it wasn't. Throws where the books don't add up.
 */
export function roomLedger(
  recordings: readonly Collected[],
  reports: readonly OutageFates[],
  expected: number,
): NonNullable<Phase["ledger"]> | null {
  if (reports.length === 0) return null;
  const all = (count: (fates: OutageFates) => number): number => sum(reports.map(count));
  const replayed = all((fates) => fates.replayed);
  const fates = {
    received: sum(recordings.map(({ delivered }) => delivered)) - replayed,
    replayed,
    unsent: all(({ unsent }) => unsent),
    untaken: all(({ untaken }) => untaken),
    inFlight: all(({ inFlight }) => inFlight),
    missed: all(({ missed }) => missed),
    overrun: 0,
    unaccounted: all(({ unaccounted }) => unaccounted),
  };
  const accounted = sum(Object.values(fates));
  if (accounted !== expected) {
    throw new Error(`the ledger accounts for ${accounted} of ${expected} deliveries`);
  }
  const doubled = sum(recordings.map(({ duplicated }) => duplicated));
  return { ...fates, doubled, reordered: sum(recordings.map(({ reordered }) => reordered)) };
}

/** While nobody joins or leaves, each message goes to as many clients as its room is for. */
function check({
  clients,
  messages,
  expected,
}: NonNullable<Phase["rooms"]>["sizes"][number]): void {
  if (expected === clients * messages) return;
  throw new Error(
    `clients in rooms of ${clients} expect ${expected} deliveries, but ${messages} messages make ${clients * messages}`,
  );
}

function messagesBySize({ plan, sent }: RoomTraffic): number[] {
  const bySize = plan.rooms.map(() => 0);
  for (const { messages, seed } of sent) {
    const counts = countByRoom(plan, roomsOfMessages(plan, messages, seed));
    for (const [room, count] of counts.entries()) {
      const { size } = roomAt(plan, room);
      bySize[size] = (bySize[size] ?? 0) + count;
    }
  }
  return bySize;
}

/** Nothing where some were sent by the server and others by clients: then it isn't known of a delivery which it was. */
function byServer(
  latencies: readonly RoomLatency[],
  sent: readonly SentToRooms[],
): Pick<NonNullable<Phase["rooms"]>, "atPublisher" | "elsewhere"> {
  const [by, ...others] = new Set(sent.map((sending) => sending.by));
  if (by === undefined || others.length > 0) return {};
  const isAt = ({ isAtFirstServer, isAtSpeakers }: RoomLatency): boolean =>
    by === "server" ? isAtFirstServer : isAtSpeakers;
  return {
    atPublisher: merged(latencies.filter(isAt)),
    elsewhere: merged(latencies.filter((latency) => !isAt(latency))),
  };
}

function joinsOf(reports: readonly RoomReport[]): NonNullable<Phase["rooms"]>["joins"] | null {
  const all = reports.flatMap(({ joins }) => joins ?? []);
  if (all.length === 0) return null;
  return {
    count: sum(all.map(({ count }) => count)),
    untilSubscribed: mergeHistograms(all.map(({ untilSubscribed }) => untilSubscribed)),
    untilReceiving: mergeHistograms(all.map(({ untilReceiving }) => untilReceiving)),
  };
}

function merged(latencies: readonly RoomLatency[]): Histogram {
  return mergeHistograms(latencies.map(({ delivery }) => delivery));
}
