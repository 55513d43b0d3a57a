import type { BoundTransport } from "../../transports/define-transport.ts";
import { noBytes, addBytes } from "../../transports/wire-bytes.ts";
import type { WireDelta } from "../measure/wire-ledger.ts";
import type { PhaseSends } from "./phase-sends.ts";

interface RelayedPhase {
  readonly transport: Pick<BoundTransport, "delivery">;
  readonly sends: Pick<PhaseSends, "counts">;
}

/**
 * Names what a relay can't tell of the bytes of streams, by what happened meanwhile: where nothing was sent
 * they were heartbeats, and where clients sent, what went up was theirs. An event stream's heartbeats beside
 * messages count as deliveries: they are few. Null stays null.
 */
export function attributeByContext(
  wire: WireDelta | null,
  { transport, sends: { counts } }: RelayedPhase,
): WireDelta | null {
  // A poll shows by itself what it was for.
  if (wire === null || transport.delivery === "pull") return wire;
  const { deliveries, heartbeats, upstream } = wire.parts;
  const parts =
    counts.intended === 0
      ? { heartbeats: addBytes(heartbeats, deliveries), deliveries: noBytes }
      : counts.sentUp.length > 0
        ? {
            upstream: addBytes(upstream, { down: 0, up: deliveries.up }),
            deliveries: { down: deliveries.down, up: 0 },
          }
        : {};
  // What a stream took up was sent without a request by which to count it.
  const streamed = counts.sentUp.length > 0 && deliveries.up > 0 ? counts.intended : 0;
  return { ...wire, parts: { ...wire.parts, ...parts }, sentUp: wire.sentUp + streamed };
}
