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

/** How many messages went to how many clients. */
export interface Spread {
  readonly clients: number;
  /** To all of them. */
  readonly deliveries: number;
}

/**
 * The bytes of messages in as many frames as make up what was counted, if so many may be. The fewest: all that goes to
 * a client shares a frame, which takes off a head for each message but one. The most: long ones are cut twice as often
 * as they must be.
 */
export function framed(
  bytes: WireBytes,
  counted: WireBytes,
  { headBytes, maxBytes, updateBytes, updateEveryBytes }: FrameTheory,
  { clients, deliveries }: Spread,
): WireBytes {
  const heads = Math.floor((counted.down - bytes.down) / headBytes);
  const shared = Math.max(0, deliveries - clients);
  const cuts = Math.ceil(bytes.down / maxBytes);
  const updates = Math.floor((counted.up - bytes.up) / updateBytes);
  // One may have been due when the first message came; of the connection as of the stream.
  const mostUpdates = 2 * (clients + Math.floor(bytes.down / updateEveryBytes));
  return {
    down: bytes.down + headBytes * within(heads, -shared, cuts),
    up: bytes.up + updateBytes * within(updates, 0, mostUpdates),
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
