import type { BoundTransport } from "../../transports/define-transport.ts";
import { expectedPollBytes, expectedPushBytes } from "../measure/expected-bytes.ts";
import type { AnswerGroup } from "../measure/wire-ledger.ts";
import { ownChannel, sharedChannel } from "../processes/protocol.ts";
import type { PhaseTheory } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";

/** The facts of a phase that the theory of its bytes needs. */
export interface PhaseTraffic {
  readonly payloadBytes: number;
  readonly authority: string;
  /** With the canary. */
  readonly clients: number;
  /** Messages on the shared channel: before the phase, and in it. */
  readonly publishedBefore: number;
  readonly published: number;
  readonly answers: readonly AnswerGroup[];
  /** Messages sent up, by the number of the client. */
  readonly sentUp: readonly number[];
  /** The number of them whose bytes were counted. */
  readonly countedUp: number;
}

/** The bytes of a phase by the transport's theory; null where it has none or nothing was sent. */
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
  { theory, delivery }: BoundTransport,
  { clients, publishedBefore, published, answers, payloadBytes, authority }: PhaseTraffic,
): PhaseTheory["deliveries"] {
  if (theory === null || clients === 0) return null;
  const place = { payloadBytes, authority, channel: sharedChannel };
  return delivery === "push"
    ? expectedPushBytes(theory, {
        ...place,
        clients,
        firstNumber: publishedBefore + 1,
        messages: published,
      })
    : expectedPollBytes(theory, place, answers);
}

/** Null where some were still under way, since what each took depends on whose it was. */
function upstream(
  theory: NonNullable<BoundTransport["theory"]>,
  { payloadBytes, authority, sentUp, countedUp }: PhaseTraffic,
): PhaseTheory["upstream"] {
  if (sum(sentUp) !== countedUp) return null;
  let down = 0;
  let up = 0;
  for (const [client, messages] of sentUp.entries()) {
    const bytes = theory.up({ payloadBytes, authority, channel: ownChannel(client) });
    down += messages * bytes.down;
    up += messages * bytes.up;
  }
  return { down, up };
}
