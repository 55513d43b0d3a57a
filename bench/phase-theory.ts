import type { BoundTransport } from "../transports/transport.ts";
import { expectedBytes } from "./measure/theory.ts";
import { ownChannel, sharedChannel } from "./processes/protocol.ts";
import type { PhaseTheory } from "./results/schema.ts";

/** What happened in a phase, as far as the theory of its bytes needs to know. */
export interface PhaseTraffic {
  readonly payloadBytes: number;
  readonly authority: string;
  /** With the canary. */
  readonly clients: number;
  /** On the shared channel: how many before the phase, and in it. */
  readonly publishedBefore: number;
  readonly published: number;
  /** Deliveries within the phase, with the canary's. */
  readonly served: number;
  readonly answers: number;
  /** Messages sent up, by the number of the client. */
  readonly sentUp: readonly number[];
}

/** What a transport's theory makes of a phase; null where it states none or nothing was sent. */
export function phaseTheory(transport: BoundTransport, traffic: PhaseTraffic): PhaseTheory | null {
  const { theory } = transport;
  if (theory === null || traffic.published + traffic.sentUp.length === 0) return null;
  return {
    source: theory.source,
    deliveries: traffic.sentUp.length === 0 ? deliveries(transport, traffic) : null,
    upstream: traffic.sentUp.length === 0 ? null : upstream(theory, traffic),
  };
}

function deliveries(
  { theory, delivery, polling }: BoundTransport,
  { clients, publishedBefore, published, served, answers, ...traffic }: PhaseTraffic,
): PhaseTheory["deliveries"] {
  if (theory === null || clients === 0) return null;
  const { payloadBytes, authority } = traffic;
  const isPushed = delivery === "push";
  return expectedBytes(theory, {
    payloadBytes,
    authority,
    clients,
    channel: sharedChannel,
    firstNumber: publishedBefore + 1,
    messages: isPushed ? published : served / clients,
    polls: isPushed ? null : { answers, held: polling?.intervalMs === null },
  });
}

/** Every exchange is whole when its message comes back, so nothing is left open. */
function upstream(
  theory: NonNullable<BoundTransport["theory"]>,
  { payloadBytes, authority, sentUp }: PhaseTraffic,
): PhaseTheory["upstream"] {
  let down = 0;
  let up = 0;
  for (const [client, messages] of sentUp.entries()) {
    const bytes = theory.up({ payloadBytes, authority, channel: ownChannel(client) });
    down += messages * bytes.down;
    up += messages * bytes.up;
  }
  return { down, up, tolerance: { down: 0, up: 0 } };
}
