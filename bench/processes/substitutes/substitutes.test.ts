import { describe, expect, it } from "vitest";
import { fromByteArray, toByteArray } from "./base64-js.ts";
import { deflate, inflate } from "./pako.ts";

const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

describe("what stands in for base64-js", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foobar", "Zm9vYmFy"],
  ])("writes and reads %j as RFC 4648 has it", (text, encoded) => {
    expect(fromByteArray(new TextEncoder().encode(text))).toBe(encoded);
    expect(new TextDecoder().decode(toByteArray(encoded))).toBe(text);
  });

  it("takes the bytes of a view, and no others of its buffer", () => {
    expect(toByteArray(fromByteArray(bytes.subarray(7, 20)))).toEqual(bytes.subarray(7, 20));
  });

  it("gives bytes whose slices are copies", () => {
    const read = toByteArray(fromByteArray(bytes));
    read.slice(0, 4).reverse();
    expect(read).toEqual(bytes);
  });
});

describe("what stands in for pako", () => {
  it("reads what it writes", () => {
    expect(new Uint8Array(inflate(deflate(bytes)))).toEqual(bytes);
  });
});
