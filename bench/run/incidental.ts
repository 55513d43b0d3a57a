import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Theory } from "../../transports/theory.ts";
import { subtractBytes, noBytes, scaleBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import type { AnswerGroup } from "../measure/wire-ledger.ts";
import { sharedChannel } from "../processes/protocol.ts";
import type { Wire } from "../results/schema.ts";

/*
 * Bytes that a server's address and age cost, and not what it does: ports, names and the numbers of messages have
 * more digits or fewer. They are computed by the transport's own theory: what it gives for the server as it is,
 * less what it gives for a server that has just started at the reference address. Results keep them as `incidental`.
 */

/** An address as long as that of the harness's own server, whose ports all have five digits. */
export const referenceAuthority = "127.0.0.1:10000";

/** The facts of a phase that incidental bytes depend on. */
export interface IncidentalFactors {
  readonly payloadBytes: number;
  readonly authority: string;
  /**
   * How many messages each client's channel had carried before the trial, the canary's included: the same number
   * for all where they share a channel.
   */
  readonly ages: readonly number[];
  /** The last message number of its channel when each client connected in the phase, the canary included. */
  readonly joined: readonly number[];
  /** Messages on the shared channel in this trial: before the phase, and in it. */
  readonly publishedBefore: number;
  readonly published: number;
  /** How many messages each client has sent up, which it gets back on a channel of its own. */
  readonly sentUp: readonly number[];
  readonly countedUp: number;
  readonly answers: readonly AnswerGroup[];
  /** Polls that no message answered, in a phase in which nothing was sent. */
  readonly emptyPolls: number;
}

/** The incidental bytes of each part; below zero where the server's address is short. */
export function incidentalBytes(
  { theory, delivery }: Pick<BoundTransport, "theory" | "delivery">,
  factors: IncidentalFactors,
): Wire["incidental"] {
  if (theory === null) {
    return { setUp: noBytes, deliveries: noBytes, emptyPolls: noBytes, upstream: noBytes };
  }
  return {
    setUp: ofSetUp(theory, factors),
    deliveries: (delivery === "push" ? ofPushed : ofAnswers)(theory, factors),
    emptyPolls: ofEmptyPolls(theory, factors),
    upstream: ofUpstream(theory, factors),
  };
}

function ofSetUp(theory: Theory, { authority, ages, joined }: IncidentalFactors): WireBytes {
  return sumBytes(
    joined.map((number, client) => {
      const fresh = Math.max(0, number - (ages[client] ?? ages[0] ?? 0));
      const bytes = theory.handshake({ number, authority });
      const usual = theory.handshake({ number: fresh, authority: referenceAuthority });
      return bytes === null || usual === null ? noBytes : subtractBytes(bytes, usual);
    }),
  );
}

/** Pushed deliveries: each message goes to each client by itself. */
function ofPushed(theory: Theory, factors: IncidentalFactors): WireBytes {
  const { payloadBytes, authority, ages, sentUp, publishedBefore, published } = factors;
  const isShared = sentUp.length === 0;
  const place = { payloadBytes, messages: 1, channel: sharedChannel };
  const toOne = (age: number, before: number, messages: number): WireBytes => {
    let [down, up] = [0, 0];
    for (let fresh = before + 1; fresh <= before + messages; fresh += 1) {
      const bytes = theory.down({ ...place, authority, number: age + fresh });
      const usual = theory.down({ ...place, authority: referenceAuthority, number: fresh });
      down += bytes.down - usual.down;
      up += bytes.up - usual.up;
    }
    return { down, up };
  };
  if (!isShared)
    return sumBytes(sentUp.map((messages, client) => toOne(ages[client] ?? 0, 0, messages)));
  const [age = 0] = ages;
  if (age === 0 && authority.length === referenceAuthority.length) return noBytes;
  return scaleBytes(toOne(age, publishedBefore, published), ages.length);
}

/** Answers to polls. Which messages an answer held isn't known: on a new channel, it could have been any. */
function ofAnswers(theory: Theory, factors: IncidentalFactors): WireBytes {
  const { payloadBytes, authority, ages, answers, sentUp } = factors;
  const place = { payloadBytes, channel: sharedChannel };
  const isOld = ages.some((age) => age > 0);
  const [before, most] =
    sentUp.length === 0
      ? [factors.publishedBefore, factors.publishedBefore + factors.published]
      : [0, Math.max(0, ...sentUp)];
  return sumBytes(
    answers.map(({ answers: count, messages, newest }) => {
      const first = Math.max(messages, before + 1);
      const numbers = isOld ? spread(first, Math.max(first, most)) : [newest];
      const usual = numbers.map((number) =>
        theory.down({ ...place, messages, number, authority: referenceAuthority }),
      );
      const bytes = theory.down({ ...place, messages, number: newest, authority });
      return scaleBytes(subtractBytes(bytes, scaleBytes(sumBytes(usual), 1 / usual.length)), count);
    }),
  );
}

/** At most about this many numbers of a range are averaged over. */
const maxSamples = 1_000;

function spread(first: number, last: number): number[] {
  const stride = Math.ceil((last - first + 1) / maxSamples);
  const length = Math.ceil((last - first + 1) / stride);
  return Array.from({ length }, (_, index) => first + index * stride);
}

/** Empty polls: their answers hold no number, only the requests do. */
function ofEmptyPolls(theory: Theory, factors: IncidentalFactors): WireBytes {
  const { payloadBytes, authority, ages, publishedBefore, emptyPolls } = factors;
  if (emptyPolls === 0) return noBytes;
  const place = { payloadBytes, messages: 0, channel: sharedChannel };
  const number = (ages[0] ?? 0) + publishedBefore;
  const asked = theory.down({ ...place, authority, number }).up;
  const usual = theory.down({
    ...place,
    authority: referenceAuthority,
    number: publishedBefore,
  }).up;
  return { down: 0, up: emptyPolls * (asked - usual) };
}

function ofUpstream(
  theory: Theory,
  { payloadBytes, authority, countedUp }: IncidentalFactors,
): WireBytes {
  const place = { payloadBytes, channel: sharedChannel };
  const bytes = theory.up({ ...place, authority });
  const usual = theory.up({ ...place, authority: referenceAuthority });
  // Headers that a connection has carried before take no more than a reference to them.
  if (bytes === null || usual === null) return noBytes;
  return scaleBytes(subtractBytes(bytes, usual), countedUp);
}
