import type { ExpectedDelivery, FrameTheory, Theory } from "../../transports/theory.ts";
import { scaleBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import type { AnswerGroup } from "./wire-ledger.ts";

/** The parameters that all messages of a phase share. */
type Addressing = Pick<ExpectedDelivery, "payloadBytes" | "escapes" | "channel" | "authority">;

/** The deliveries of a phase on one channel that all clients share. */
export interface PushedMessages extends Addressing {
  readonly clients: number;
  /** The number of the first message on its channel. */
  readonly firstNumber: number;
  /** Delivered to each client. */
  readonly messages: number;
}

/** The bytes that pushed messages must cost by theory: every one goes to every client by itself. */
export function expectedPushBytes(
  theory: Theory,
  { payloadBytes, escapes = 0, clients, firstNumber, messages, channel, authority }: PushedMessages,
): WireBytes {
  let down = 0;
  let up = 0;
  for (let number = firstNumber; number < firstNumber + messages; number += 1) {
    // Without a spread, which would take ten times as long: there may be a million of them.
    const bytes = theory.down({
      payloadBytes,
      escapes,
      messages: 1,
      number,
      channel,
      authority,
    });
    down += bytes.down;
    up += bytes.up;
  }
  return scaleBytes({ down, up }, clients);
}

/** The bytes that polls and their answers must cost by theory, whatever each of them held. */
export function expectedPollBytes(
  theory: Theory,
  { payloadBytes, escapes = 0, channel, authority }: Addressing,
  alike: readonly AnswerGroup[],
): WireBytes {
  let down = 0;
  let up = 0;
  for (const { answers, messages, newest: number } of alike) {
    const bytes = theory.down({ payloadBytes, escapes, messages, number, channel, authority });
    down += answers * bytes.down;
    up += answers * bytes.up;
  }
  return { down, up };
}

/** The bytes of messages in as many frames as make up what was counted, if so many may be. */
export function framed(bytes: WireBytes, counted: WireBytes, frames: FrameTheory): WireBytes {
  const { headBytes, maxBytes, updateBytes } = frames;
  const further = Math.floor((counted.down - bytes.down) / headBytes);
  const cuts = Math.ceil(bytes.down / maxBytes);
  return {
    down: bytes.down + headBytes * Math.min(further, cuts),
    up: bytes.up + updateBytes * Math.floor((counted.up - bytes.up) / updateBytes),
  };
}
