import { maxMessageBytes } from "./transport.ts";

/*
 * The wire format of both polling transports.
 *
 *   GET /poll/:channel            204, header `Cursor: 12`: where the channel stands now
 *   GET /poll/:channel?after=12   200, header `Cursor: 14`, body: messages 13 and 14, each as its
 *                                 length in bytes in decimal, a line feed, its bytes;
 *                                 204 when there is none (after the hold, if the server holds)
 *   …&wait=0                      the same, but never held
 *
 * The body's messages are the last ones up to the cursor, so fewer than asked for mean a gap. What a relay
 * reads of it stands in `classify-polls.ts`.
 */

/** The path of a poll for what comes after `cursor`. */
export function pollPath(channel: string, cursor: number): string {
  return `/poll/${channel}?after=${cursor}`;
}

/** How many decimal digits a whole number has; without making a text of it, since it is asked for each answer. */
export function digits(number: number): number {
  let count = 1;
  for (let bound = 10; number >= bound; bound *= 10) count += 1;
  return count;
}

/** How many bytes stand before the longest message: its length in decimal, and a line feed. */
export const maxLengthBytes: number = String(maxMessageBytes).length + 1;

const lineFeed = 10;

/** The messages of a poll's body; null when it is not made of whole ones. */
export function splitMessages(body: Buffer): Buffer[] | null {
  const messages: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const from = at;
    let length = 0;
    let digit = body[at];
    while (digit !== undefined && digit !== lineFeed) {
      if (digit < 48 || digit > 57) return null;
      length = length * 10 + digit - 48;
      at += 1;
      digit = body[at];
    }
    const start = at + 1;
    if (at === from || length > maxMessageBytes || start + length > body.length) return null;
    at = start + length;
    messages.push(body.subarray(start, at));
  }
  return messages;
}
