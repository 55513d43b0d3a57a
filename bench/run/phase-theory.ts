import type { BoundTransport } from "../../transports/define-transport.ts";
import { expectedPollBytes, expectedPushBytes, framed } from "../measure/expected-bytes.ts";
import { recordBytes } from "../layers/tls.ts";
import type { BatchGroup } from "../layers/batch.ts";
import type { ExpectedDelivery } from "../../transports/theory.ts";
import type { AnswerGroup, WireDelta } from "../measure/wire-ledger.ts";
import { ownChannel, sharedChannel } from "../processes/protocol.ts";
import {
  addBytes,
  bothWays,
  scaleBytes,
  subtractBytes,
  sumBytes,
} from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import type { PhaseTheory } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";

/** The facts of a phase that the theory of its bytes needs. */
export interface PhaseTraffic {
  readonly payloadBytes: number;
  /** See `Messages`. */
  readonly escapes: number;
  readonly authority: string;
  /** At each server, with the canary. */
  readonly clientsAt: readonly number[];
  /** Messages on the shared channel: before the phase, and in it. */
  readonly publishedBefore: number;
  readonly published: number;
  readonly answers: readonly AnswerGroup[];
  /** By each server, which gathers for its own clients; null where messages aren't gathered. */
  readonly batches: readonly (readonly BatchGroup[])[] | null;
  /** What TLS has added to each part. */
  readonly records: WireDelta["records"];
  /** All bytes of deliveries that were counted. */
  readonly delivered: WireBytes;
  /** Messages sent up, by the number of the client. */
  readonly sentUp: readonly number[];
  /** The number of them whose bytes were counted. */
  readonly countedUp: number;
}

/** The bytes of a phase by the transport's theory; null where it has none or nothing was sent. */
export function phaseTheory(transport: BoundTransport, traffic: PhaseTraffic): PhaseTheory | null {
  const { theory } = transport;
  if (theory === null || traffic.published + traffic.sentUp.length === 0) return null;
  const { records } = traffic;
  const isPushed = traffic.sentUp.length === 0;
  const isSecure = bothWays(sumBytes(Object.values(records))) > 0;
  return {
    source: isSecure ? `${theory.source}; RFC 8446, section 5.2` : theory.source,
    deliveries: isPushed ? inRecords(inFrames(transport, traffic), records.deliveries) : null,
    upstream: isPushed ? null : inRecords(upstream(theory, traffic), records.upstream),
  };
}

/**
 * In as many TLS records as there were, which is no matter of the messages: those that are written together share one.
 * What can't be the heads and tags of whole records is left unexplained.
 */
function inRecords(bytes: WireBytes | null, { down, up }: WireBytes): WireBytes | null {
  const whole = (added: number): number => recordBytes * Math.floor(added / recordBytes);
  return bytes && addBytes(bytes, { down: whole(down), up: whole(up) });
}

/**
 * In as many frames as there were, of the layer that has some; see `FrameTheory`. What can't be whole frames is left
 * unexplained, and more of them than long messages need twice.
 */
function inFrames(transport: BoundTransport, traffic: PhaseTraffic): WireBytes | null {
  const bytes = deliveries(transport, traffic);
  const frames = transport.theory?.frames;
  if (bytes === null || frames === undefined) return bytes;
  const { clientsAt, published, batches } = traffic;
  const counted = subtractBytes(traffic.delivered, traffic.records.deliveries);
  const delivered = sum(
    clientsAt.map((clients, server) => {
      const own = batches?.[server] ?? [];
      const pieces = batches === null ? published : sum(own.map((group) => group.batches));
      return clients * pieces;
    }),
  );
  return framed(bytes, counted, frames, { clients: sum(clientsAt), deliveries: delivered });
}

function deliveries(
  { theory, delivery }: BoundTransport,
  traffic: PhaseTraffic,
): PhaseTheory["deliveries"] {
  const { clientsAt, publishedBefore, published, answers, payloadBytes, escapes, authority } =
    traffic;
  const clients = sum(clientsAt);
  if (theory === null || clients === 0) return null;
  if (traffic.batches !== null) return batched(theory, delivery, traffic, traffic.batches);
  const place = { payloadBytes, escapes, authority, channel: sharedChannel };
  return delivery === "push"
    ? expectedPushBytes(theory, {
        ...place,
        clients,
        firstNumber: publishedBefore + 1,
        messages: published,
      })
    : expectedPollBytes(theory, place, answers);
}

/** Null where answers hold batches of several sizes: which of them isn't known. */
function batched(
  theory: NonNullable<BoundTransport["theory"]>,
  delivery: BoundTransport["delivery"],
  { clientsAt, answers, payloadBytes, escapes, authority }: PhaseTraffic,
  batches: readonly (readonly BatchGroup[])[],
): PhaseTheory["deliveries"] {
  const place = { authority, channel: sharedChannel };
  const holding = (messages: number): Pick<ExpectedDelivery, "payloadBytes" | "escapes"> => ({
    payloadBytes: messages * (String(payloadBytes).length + ":".length + payloadBytes),
    escapes: messages * escapes,
  });
  if (delivery === "push") {
    return sumBytes(
      clientsAt.flatMap((clients, server) =>
        (batches[server] ?? []).map(({ batches: count, messages, newest: number }) => {
          const bytes = theory.down({ ...place, ...holding(messages), messages: 1, number });
          return scaleBytes(bytes, count * clients);
        }),
      ),
    );
  }
  const asked = batches.filter((_, server) => (clientsAt[server] ?? 0) > 0).flat();
  const [first] = asked;
  if (first === undefined || asked.some(({ messages }) => messages !== first.messages)) {
    return null;
  }
  return expectedPollBytes(theory, { ...place, ...holding(first.messages) }, answers);
}

/** Null where some were still under way, since what each took depends on whose it was. */
function upstream(
  theory: NonNullable<BoundTransport["theory"]>,
  { payloadBytes, escapes, authority, sentUp, countedUp }: PhaseTraffic,
): PhaseTheory["upstream"] {
  if (sum(sentUp) !== countedUp) return null;
  let down = 0;
  let up = 0;
  for (const [client, messages] of sentUp.entries()) {
    const bytes = theory.up({ payloadBytes, escapes, authority, channel: ownChannel(client) });
    if (bytes === null) return null;
    down += messages * bytes.down;
    up += messages * bytes.up;
  }
  return { down, up };
}
