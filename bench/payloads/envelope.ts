import type { Messages } from "./message.ts";

/*
 * The head of every payload that the harness makes, as fixed-width hexadecimal text so that it passes
 * through any transport unchanged and the payload's size never varies:
 *
 *   8 digits   sequence number on its channel
 *   12 digits  due time    in nanoseconds after the trial's epoch (enough for 78 hours)
 *   12 digits  sent time   likewise
 *   8 digits   check over the three, so that a digit which has become another digit is noticed, too
 */

/** Bytes of the head: the smallest payload that can be measured. */
export const headBytes = 40;

const dueAt = 8;
const sentAt = 20;
const checkAt = 32;

/**
 * Numbers are written and read in two halves, each of few enough digits to stay one of V8's small integers.
 * A half of the sequence number or of the check has four digits, one of a time has six.
 */
const shortHalf = 2 ** 16;
const longHalf = 2 ** 24;

/** Makes and reads the payloads of one workload: all of one size, all with one filling. */
export class Envelope implements Messages {
  readonly payloadBytes: number;
  readonly areOfOneSize = true;
  readonly escapes = 0;
  readonly binary = false;
  /** The envelope that the last call of `read` found. */
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
    const payload = Buffer.allocUnsafe(this.#template.length);
    payload.set(this.#template);
    const sequenceHigh = Math.floor(sequence / shortHalf);
    const sequenceLow = sequence - sequenceHigh * shortHalf;
    const dueHigh = Math.floor(dueNs / longHalf);
    const dueLow = dueNs - dueHigh * longHalf;
    const sentHigh = Math.floor(sentNs / longHalf);
    const sentLow = sentNs - sentHigh * longHalf;
    writeHex(payload, 0, 4, sequenceHigh);
    writeHex(payload, 4, dueAt, sequenceLow);
    writeHex(payload, dueAt, 14, dueHigh);
    writeHex(payload, 14, sentAt, dueLow);
    writeHex(payload, sentAt, 26, sentHigh);
    writeHex(payload, 26, checkAt, sentLow);
    const check = checkOf(sequenceHigh, sequenceLow, dueHigh, dueLow, sentHigh, sentLow);
    writeHex(payload, checkAt, 36, check >>> 16);
    writeHex(payload, 36, headBytes, check);
    return payload;
  }

  /** Fills in this object's fields; false when the payload is not one that `write` made. */
  read(payload: Buffer | string): boolean {
    const size = this.payloadBytes;
    if (payload.length !== size) return false;
    if (typeof payload === "string") {
      return (
        payload.endsWith(this.#filling) &&
        this.#take(
          hexOfText(payload, 0, 4),
          hexOfText(payload, 4, dueAt),
          hexOfText(payload, dueAt, 14),
          hexOfText(payload, 14, sentAt),
          hexOfText(payload, sentAt, 26),
          hexOfText(payload, 26, checkAt),
          hexOfText(payload, checkAt, 36),
          hexOfText(payload, 36, headBytes),
        )
      );
    }
    return (
      payload.compare(this.#template, headBytes, size, headBytes, size) === 0 &&
      this.#take(
        hexOfBytes(payload, 0, 4),
        hexOfBytes(payload, 4, dueAt),
        hexOfBytes(payload, dueAt, 14),
        hexOfBytes(payload, 14, sentAt),
        hexOfBytes(payload, sentAt, 26),
        hexOfBytes(payload, 26, checkAt),
        hexOfBytes(payload, checkAt, 36),
        hexOfBytes(payload, 36, headBytes),
      )
    );
  }

  #take(
    sequenceHigh: number,
    sequenceLow: number,
    dueHigh: number,
    dueLow: number,
    sentHigh: number,
    sentLow: number,
    checkHigh: number,
    checkLow: number,
  ): boolean {
    this.sequence = sequenceHigh * shortHalf + sequenceLow;
    this.dueNs = dueHigh * longHalf + dueLow;
    this.sentNs = sentHigh * longHalf + sentLow;
    const check = checkOf(sequenceHigh, sequenceLow, dueHigh, dueLow, sentHigh, sentLow);
    // Below zero where a digit was none. Elsewhere than in the check that alters the check anyway.
    return (checkHigh | checkLow) >= 0 && check === ((checkHigh << 16) | checkLow);
  }
}

/**
 * FNV-1a's step for each half, in 32 bits. Each step is one-to-one in what came before and in its half, so
 * that no change within one half goes unnoticed; of others, one in four thousand million does.
 */
function checkOf(a: number, b: number, c: number, d: number, e: number, f: number): number {
  let check = Math.imul(a, fnvPrime);
  check = Math.imul(check ^ b, fnvPrime);
  check = Math.imul(check ^ c, fnvPrime);
  check = Math.imul(check ^ d, fnvPrime);
  check = Math.imul(check ^ e, fnvPrime);
  return Math.imul(check ^ f, fnvPrime);
}

const fnvPrime = 0x0100_0193;

/** Printable text without line ends, the same for the same seed: a linear congruential generator. */
export function filling(bytes: number, seed: number): string {
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

/** All bits are set where there is no digit, so that a number with one of these comes out below zero. */
const valueOfDigit = new Int8Array(256).fill(-1);
for (const [value, digit] of digits.entries()) valueOfDigit[digit] = value;

/** At most seven digits; of a longer value, the last ones. */
function writeHex(into: Buffer, start: number, end: number, value: number): void {
  let rest = value;
  for (let at = end - 1; at >= start; at -= 1) {
    into[at] = digits[rest & 15] ?? 0;
    rest >>= 4;
  }
}

/** At most seven digits. */
function hexOfBytes(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    value = (value << 4) | (valueOfDigit[bytes[at] ?? 0] ?? -1);
  }
  return value;
}

function hexOfText(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    value = (value << 4) | (valueOfDigit[text.charCodeAt(at)] ?? -1);
  }
  return value;
}
