/*
 * The head of every payload that the harness makes, as fixed-width hexadecimal text so that it passes
 * through any transport unchanged and the payload's size never varies:
 *
 *   8 digits   sequence number on its channel
 *   12 digits  due time    in nanoseconds after the trial's epoch (enough for 78 hours)
 *   12 digits  sent time   likewise
 */

/** Bytes of the head: the smallest payload that can be measured. */
export const headBytes = 32;

const dueAt = 8;
const sentAt = 20;

/** Makes and reads the payloads of one workload: all of one size, all with one filling. */
export class Envelope {
  readonly payloadBytes: number;
  /** What the last call of `read` found. */
  sequence = 0;
  dueNs = 0;
  sentNs = 0;
  readonly #template: Buffer;
  readonly #filling: string;

  constructor(payloadBytes: number, seed: number) {
    this.payloadBytes = payloadBytes;
    this.#filling = filling(payloadBytes - headBytes, seed);
    this.#template = Buffer.from("0".repeat(headBytes) + this.#filling);
  }

  write(sequence: number, dueNs: number, sentNs: number): Buffer {
    const payload = Buffer.from(this.#template);
    writeHex(payload, 0, dueAt, sequence);
    writeHex(payload, dueAt, sentAt, dueNs);
    writeHex(payload, sentAt, headBytes, sentNs);
    return payload;
  }

  /** Fills in this object's fields; false when the payload is not one that `write` made. */
  read(payload: Buffer | string): boolean {
    if (payload.length !== this.payloadBytes) return false;
    if (typeof payload === "string") {
      this.sequence = hexOfText(payload, 0, dueAt);
      this.dueNs = hexOfText(payload, dueAt, sentAt);
      this.sentNs = hexOfText(payload, sentAt, headBytes);
      if (!payload.endsWith(this.#filling)) return false;
    } else {
      this.sequence = hexOfBytes(payload, 0, dueAt);
      this.dueNs = hexOfBytes(payload, dueAt, sentAt);
      this.sentNs = hexOfBytes(payload, sentAt, headBytes);
      const size = this.payloadBytes;
      if (payload.compare(this.#template, headBytes, size, headBytes, size) !== 0) return false;
    }
    // Not a number where a digit was none.
    return this.sequence + this.dueNs + this.sentNs >= 0;
  }
}

/** Printable text without line ends, the same for the same seed: a linear congruential generator. */
function filling(bytes: number, seed: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let state = seed >>> 0;
  let text = "";
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet[state >>> 26];
  }
  return text;
}

const digits = Buffer.from("0123456789abcdef");

const valueOfDigit = new Float64Array(128).fill(Number.NaN);
for (const [value, digit] of digits.entries()) valueOfDigit[digit] = value;

function writeHex(into: Buffer, start: number, end: number, value: number): void {
  let rest = value;
  for (let at = end - 1; at >= start; at -= 1) {
    const next = Math.floor(rest / 16);
    into[at] = digits[rest - next * 16] ?? 0;
    rest = next;
  }
}

function hexOfBytes(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    value = value * 16 + (valueOfDigit[bytes[at] ?? 0] ?? Number.NaN);
  }
  return value;
}

function hexOfText(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    value = value * 16 + (valueOfDigit[text.charCodeAt(at)] ?? Number.NaN);
  }
  return value;
}
