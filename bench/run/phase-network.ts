import { doneBetween } from "../packets/done.ts";
import type { DirectionDone, Done } from "../packets/done.ts";
import type { Phase } from "../results/schema.ts";
import type { DirectionProfile, NetworkProfile } from "../settings/network-profile.ts";
import { meanLoss } from "../settings/packet-loss.ts";

type PhaseNetwork = NonNullable<Phase["network"]>;

/** What a packet network was to do in a phase, and what it did between two readings. */
export function phaseNetwork(
  { name, ...asked }: NetworkProfile,
  from: Done,
  to: Done,
): PhaseNetwork {
  const { down, up, cpuMs } = doneBetween(from, to);
  return {
    name,
    down: { asked: askedOf(asked.down), done: doneOf(down) },
    up: { asked: askedOf(asked.up), done: doneOf(up) },
    cpuMs,
  };
}

function askedOf(profile: DirectionProfile): PhaseNetwork["down"]["asked"] {
  const { delayMs, jitterMs, loss, reorder, bitsPerSecond, queueBytes, outages } = profile;
  return {
    delayMs,
    jitterMs,
    lossShare: meanLoss(loss),
    reorderShare: reorder,
    bitsPerSecond,
    queueBytes,
    outages: outages && { ...outages },
  };
}

function doneOf(done: DirectionDone): PhaseNetwork["down"]["done"] {
  const { packetsIn, bytesIn, packetsOut, bytesOut: _out, delayMs, lateMs, ...same } = done;
  const mean = (ms: number): number | null => (packetsOut === 0 ? null : ms / packetsOut);
  return {
    ...same,
    packets: packetsIn,
    bytes: bytesIn,
    forwarded: packetsOut,
    meanDelayMs: mean(delayMs),
    meanLateMs: mean(lateMs),
  };
}
