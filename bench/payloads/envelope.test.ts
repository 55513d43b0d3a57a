import { describe, expect, it } from "vitest";
import { Envelope, headBytes } from "./envelope.ts";

const highestSequence = 2 ** 32 - 1;
const highestNs = 2 ** 48 - 1;

const shapes = [
  ["bytes", (payload: Buffer): Buffer | string => payload],
  ["text", (payload: Buffer): Buffer | string => payload.toString()],
] as const;

describe.each(shapes)("an envelope, read as %s", (_name, shaped) => {
  it.each([
    [0, 0, 0],
    [1, 2, 3],
    [123_456, 9_876_543_210, 9_876_600_000],
    [highestSequence, highestNs, highestNs],
    [highestSequence, 0, highestNs],
    [16, 16 ** 11, 16 ** 11 - 1],
  ])("gives back sequence %d, due %d, sent %d", (sequence, dueNs, sentNs) => {
    for (const payloadBytes of [headBytes, headBytes + 1, 256, 8_192]) {
      const payload = new Envelope(payloadBytes, 7).write(sequence, dueNs, sentNs);
      expect(payload).toHaveLength(payloadBytes);
      const reader = new Envelope(payloadBytes, 7);
      expect(reader.read(shaped(payload))).toBe(true);
      expect(reader).toMatchObject({ sequence, dueNs, sentNs });
    }
  });

  const written = new Envelope(64, 7).write(5, 1_000, 2_000);
  const reads = (payload: Buffer): boolean => new Envelope(64, 7).read(shaped(payload));

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["the head alone", written.subarray(0, headBytes)],
    ["one byte less", written.subarray(0, -1)],
    ["one byte more", Buffer.concat([written, Buffer.from("x")])],
    ["two messages in one", Buffer.concat([written, written])],
    ["the payload of another seed", new Envelope(64, 8).write(5, 1_000, 2_000)],
  ])("refuses %s", (_what, payload) => {
    expect(reads(payload)).toBe(false);
  });

  it.each([
    [5, 1_000, 2_000],
    [0, 0, 0],
    // Its check begins with f: all bits set, as in what stands for no digit.
    [18, 0, 0],
    [highestSequence, highestNs, highestNs],
    [1_234_567_890, 98_765_432_109_876, 98_765_432_109_999],
  ])(
    "refuses a head in which any one byte has become any other (of %d, %d, %d)",
    (sequence, dueNs, sentNs) => {
      const reader = new Envelope(headBytes, 7);
      const whole = reader.write(sequence, dueNs, sentNs);
      const unnoticed: string[] = [];
      for (let at = 0; at < headBytes; at += 1) {
        for (let value = 0; value < 256; value += 1) {
          const payload = Buffer.from(whole);
          payload[at] = value;
          if (value !== whole[at] && reader.read(shaped(payload)))
            unnoticed.push(`${at}: ${value}`);
        }
      }
      expect(unnoticed).toEqual([]);
    },
  );

  it("refuses a head in which two neighbours have changed places", () => {
    const reader = new Envelope(headBytes, 7);
    const whole = reader.write(0x1234_5678, 0x1234_5678_9abc, 0x2345_6789_abcd);
    for (let at = 0; at + 1 < headBytes; at += 1) {
      const payload = Buffer.from(whole);
      payload[at] = whole[at + 1] ?? 0;
      payload[at + 1] = whole[at] ?? 0;
      if (!payload.equals(whole)) expect(reader.read(shaped(payload)), `at ${at}`).toBe(false);
    }
  });

  it("refuses a filling in which any bit of any byte has turned", () => {
    for (let at = headBytes; at < written.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const payload = Buffer.from(written);
        payload[at] = (payload[at] ?? 0) ^ (1 << bit);
        expect(reads(payload), `bit ${bit} of byte ${at}`).toBe(false);
      }
    }
  });

  it("reads one that is whole after one that was refused", () => {
    const reader = new Envelope(64, 7);
    expect(reader.read(shaped(Buffer.alloc(64)))).toBe(false);
    expect(reader.read(shaped(written))).toBe(true);
    expect(reader).toMatchObject({ sequence: 5, dueNs: 1_000, sentNs: 2_000 });
  });
});

describe("an envelope", () => {
  it("is text that passes through any transport: printable ASCII without line ends", () => {
    expect(new Envelope(4_096, 3).write(1, 2, 3).toString("latin1")).toMatch(/^[\w-]{4096}$/);
  });

  it("is the same for the same seed, and another for another", () => {
    const written = (seed: number): string => new Envelope(256, seed).write(1, 2, 3).toString();
    expect(written(9)).toBe(written(9));
    expect(written(9)).not.toBe(written(10));
  });

  it("is written into a payload of its own each time", () => {
    const envelope = new Envelope(48, 7);
    const first = envelope.write(1, 0, 0);
    envelope.write(2, 0, 0);
    expect(envelope.read(first)).toBe(true);
    expect(envelope.sequence).toBe(1);
  });
});
