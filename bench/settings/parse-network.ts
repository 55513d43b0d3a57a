import { nearest, usageError } from "../errors/errors.ts";
import { isForRelays, parseSetting } from "./network-settings.ts";
import type { Given, Player } from "./network-settings.ts";
import { unimpaired } from "./network-profile.ts";
import type { DirectionProfile, NetworkProfile, Outages } from "./network-profile.ts";
import { networks, relayNetworks } from "./networks.ts";
import { burstLoss, meanLoss } from "./packet-loss.ts";
import type { Loss } from "./packet-loss.ts";
import { leftOut, passedOn, relayed } from "./relay-profile.ts";
import type { RelayDirection, RelayProfile } from "./relay-profile.ts";

/** Before a network that a relay of TCP connections is to play. */
const relayPrefix = "relay:";

/**
 * A network by its name, by settings, or by a name and what differs: `4g`, `delay=40ms,loss=1%`,
 * `3g,bandwidth=2Mbit/1Mbit`; of two values with a slash the first is for `down`, the second for `up`. With `relay:`
 * before it, and without where only a relay can play it, it is one for TCP connections.
 * Throws a `BenchError` of one line, before which the setting is to be named.
 */
export function parseNetwork(text: string): NetworkProfile | RelayProfile {
  const asked = text.trim();
  const isPrefixed = asked.startsWith(relayPrefix);
  const rest = isPrefixed ? asked.slice(relayPrefix.length) : asked;
  const isOnlyForRelays = Object.hasOwn(relayNetworks, rest.split(",")[0]?.trim() ?? "");
  return isPrefixed || isOnlyForRelays ? parseRelayed(rest) : parsePackets(rest);
}

/** The same where it has to be a network of packets. */
export function parsePackets(text: string): NetworkProfile {
  const { parts, named, down, up } = parsed(text, "packets");
  const base =
    named === undefined ? { down: unimpaired, up: unimpaired } : known(named, networks, text);
  return {
    name: parts.join(","),
    down: packetsApplied(base.down, down),
    up: packetsApplied(base.up, up),
  };
}

function parseRelayed(text: string): RelayProfile {
  const { parts, named, down, up } = parsed(text, "relay");
  const { notPlayed, ...base } = relayedBase(named);
  return {
    name: `${relayPrefix}${parts.join(",")}`,
    down: relayApplied(base.down, down),
    up: relayApplied(base.up, up),
    notPlayed,
  };
}

function relayedBase(named: string | undefined): Omit<RelayProfile, "name"> {
  if (named === undefined) return { down: passedOn, up: passedOn, notPlayed: [] };
  const own = Object.hasOwn(relayNetworks, named) ? relayNetworks[named] : undefined;
  if (own !== undefined) return { down: own.down, up: own.up, notPlayed: [] };
  const packets = known(named, networks, named);
  return { down: relayed(packets.down), up: relayed(packets.up), notPlayed: leftOut(packets) };
}

/** Ends a sentence on why there can be no packets with what a relay can play; empty where nothing is left for it. */
export function relayOffer({ name, down, up }: NetworkProfile): string {
  const parts = name.split(",").filter(isForRelays);
  if (parts.length === 0) return "";
  const without = meanLoss(down.loss) + meanLoss(up.loss) === 0 ? "" : ", without loss";
  return `; --network ${relayPrefix}${parts.join(",")} plays it on TCP connections${without}`;
}

interface Parsed {
  readonly parts: readonly string[];
  /** The network that it starts from. */
  readonly named: string | undefined;
  readonly down: Given;
  readonly up: Given;
}

function parsed(text: string, player: Player): Parsed {
  const parts = text.split(",").map((part) => part.trim());
  const [first = "", ...rest] = parts;
  const named = first.includes("=") ? undefined : first;
  const [down, up]: [Given, Given] = [{}, {}];
  const seen = new Set<string>();
  for (const part of named === undefined ? [first, ...rest] : rest) {
    const setting = parseSetting(part, player);
    if (seen.has(setting.name)) throw usageError(`${setting.name} is given twice`);
    seen.add(setting.name);
    Object.assign(down, setting.down);
    Object.assign(up, setting.up);
  }
  return { parts, named, down, up };
}

/** What is known, in a few words. */
export const networksKnown = `${[...Object.keys(networks), ...Object.keys(relayNetworks)].join(", ")}, relay:4g and its like, and settings such as delay=40ms,loss=1%`;

function known<Network>(
  name: string,
  list: Readonly<Record<string, Network>>,
  asked: string,
): Network {
  const network = Object.hasOwn(list, name) ? list[name] : undefined;
  if (network !== undefined) return network;
  const names = [...Object.keys(networks), ...Object.keys(relayNetworks)];
  throw usageError(
    `${JSON.stringify(asked)} is unknown; ${nearest(name, names)}known are ${networksKnown}`,
  );
}

function packetsApplied(base: DirectionProfile, given: Given): DirectionProfile {
  const { burst, outageMs: _forMs, outageEveryMs: _everyMs, ...plain } = given;
  const profile = { ...base, ...plain };
  const loss = burst === undefined ? profile.loss : inBursts(profile.loss, burst);
  return { ...profile, loss, outages: outagesApplied(base, given) };
}

function relayApplied(base: RelayDirection, given: Given): RelayDirection {
  const { delayMs, jitterMs, jitterShape, bitsPerSecond, hold, sliceBytes, idleTimeoutMs } = {
    ...base,
    ...given,
  };
  return {
    delayMs,
    jitterMs,
    jitterShape,
    bitsPerSecond,
    hold,
    sliceBytes,
    idleTimeoutMs,
    outages: outagesApplied(base, given),
  };
}

function outagesApplied(
  { outages }: Pick<DirectionProfile, "outages">,
  { outageMs = outages?.forMs, outageEveryMs = outages?.everyMs }: Given,
): Outages | null {
  if (outageEveryMs === undefined && outageMs === undefined) return null;
  if (outageEveryMs === undefined || outageMs === undefined) {
    throw usageError("outage and outage-every belong together, as in outage=3s,outage-every=20s");
  }
  if (outageMs >= outageEveryMs) throw usageError("an outage must be shorter than outage-every");
  return { everyMs: outageEveryMs, forMs: outageMs };
}

function inBursts(loss: Loss, length: number): Loss {
  if (loss.kind === "random" && loss.probability > 0) {
    const { probability } = loss;
    // From the good state the chain moves with a probability of 1 at most.
    if (probability / (1 - probability) <= length) return burstLoss(probability, length);
  }
  throw usageError(
    `burst needs a random loss, such as loss=2%,burst=4, that bursts of that length can make up`,
  );
}
