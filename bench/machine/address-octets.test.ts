import { describe, expect, it } from "vitest";
import { addressOctets } from "./address-octets.ts";

describe("the octets of a trial's addresses", () => {
  it("have as many digits each, however many are wanted", () => {
    for (const wanted of [1, 9, 10, 90, 91, 155, 156, 1_550]) {
      const octets = addressOctets(wanted);
      expect(new Set(octets).size).toBe(wanted);
      expect(new Set(octets.map(({ length }) => length)).size).toBe(1);
    }
  });

  it("are as short as they can be", () => {
    expect(addressOctets(2)).toEqual(["0.1", "0.2"]);
    expect(addressOctets(10).at(0)).toBe("0.10");
    expect(addressOctets(91).at(0)).toBe("0.100");
    expect(addressOctets(156).at(-1)).toBe("1.100");
  });
});
