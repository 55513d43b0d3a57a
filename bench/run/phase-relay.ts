import type { RelayedBooks } from "../network/relayed-direction.ts";
import type { Phase } from "../results/schema.ts";
import type { RelayDirection, RelayProfile } from "../settings/relay-profile.ts";

type PhaseRelay = NonNullable<Phase["relay"]>;

/** What a relay was to do with connections in a phase, and what it did. */
export function phaseRelay(
  { name, notPlayed, down, up }: RelayProfile,
  done: Readonly<Record<"down" | "up", RelayedBooks>>,
): PhaseRelay {
  return {
    name,
    notPlayed: [...notPlayed],
    down: { asked: askedOf(down), done: doneOf(done.down) },
    up: { asked: askedOf(up), done: doneOf(done.up) },
  };
}

function askedOf(direction: RelayDirection): PhaseRelay["down"]["asked"] {
  const { jitterShape: _shape, outages, hold, ...same } = direction;
  return { ...same, outages: outages && { ...outages }, hold: hold && { ...hold } };
}

function doneOf({ delayMs, lateMs, ...same }: RelayedBooks): PhaseRelay["down"]["done"] {
  const mean = (ms: number): number | null => (same.pieces === 0 ? null : ms / same.pieces);
  return { ...same, meanDelayMs: mean(delayMs), meanLateMs: mean(lateMs) };
}
