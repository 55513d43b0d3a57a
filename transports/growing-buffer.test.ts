import { describe, expect, it } from "vitest";
import { GrowingBuffer } from "./growing-buffer.ts";

const expectedBytes = 1_000_000;

describe("a payload that arrives in pieces", () => {
  it.each([1, 7, 1_000, 65_536, 1_000_000])("is whole again from pieces of %d bytes", (size) => {
    const whole = Buffer.from(Array.from({ length: expectedBytes }, (_, index) => index % 251));
    const gathered = new GrowingBuffer(expectedBytes);
    for (let at = 0; at < whole.length; at += size) {
      gathered.add(whole, at, Math.min(at + size, whole.length));
    }
    expect(gathered.all().equals(whole)).toBe(true);
  });

  it("takes memory for what has come, not for what is announced", () => {
    const gathered = new GrowingBuffer(expectedBytes);
    for (let length = 1; length <= 300_000; length += 1) gathered.add(Buffer.from("x"));
    const { byteLength } = gathered.all().buffer;
    expect(byteLength).toBeGreaterThanOrEqual(300_000);
    expect(byteLength).toBeLessThanOrEqual(600_000);
  });

  it("takes no more memory than is announced", () => {
    const gathered = new GrowingBuffer(expectedBytes);
    for (let at = 0; at < expectedBytes; at += 1_000) gathered.add(Buffer.alloc(1_000));
    expect(gathered.all().buffer.byteLength).toBe(expectedBytes);
  });

  it("is empty before its first piece", () => {
    expect(new GrowingBuffer(expectedBytes).all()).toEqual(Buffer.alloc(0));
  });
});
