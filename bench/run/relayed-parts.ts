import type { BoundTransport } from "../../transports/define-transport.ts";
import { noBytes, addBytes } from "../../transports/wire-bytes.ts";
import type { WireDelta } from "../measure/wire-ledger.ts";
import type { PhaseSends } from "./phase-sends.ts";

interface RelayedPhase {
  readonly transport: Pick<BoundTransport, "delivery">;
  readonly sends: Pick<PhaseSends, "counts">;
}

/**
 * Attributes bytes of streams, which a relay can't read, by what happened in the phase: where nothing was sent they
 * were heartbeats; where clients sent, bytes that went up were theirs. Heartbeats of an event stream that also
 * carries messages count as deliveries: they are few. Null stays null.
 */
export function attributeByContext(
  wire: WireDelta | null,
  { transport, sends: { counts } }: RelayedPhase,
): WireDelta | null {
  // A relay can read what a poll was for.
  if (wire === null || transport.delivery === "pull") return wire;
  const { deliveries, heartbeats, upstream } = wire.parts;
  // Messages that a stream carried up came without requests that could be counted.
  const isStreamedUp = counts.sentUp.length > 0 && wire.sentUp === 0 && deliveries.up > 0;
  const parts =
    counts.intended === 0
      ? { heartbeats: addBytes(heartbeats, deliveries), deliveries: noBytes }
      : isStreamedUp
        ? {
            upstream: addBytes(upstream, { down: 0, up: deliveries.up }),
            deliveries: { down: deliveries.down, up: 0 },
          }
        : {};
  const streamed = isStreamedUp ? counts.intended : 0;
  return { ...wire, parts: { ...wire.parts, ...parts }, sentUp: wire.sentUp + streamed };
}
