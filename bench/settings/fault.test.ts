import { describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { faultIn, faultVariable } from "./fault.ts";

const parsed = (text: string): unknown => faultIn({ [faultVariable]: text });

describe("the fault that the environment asks for", () => {
  it.each([
    { kind: "block", atMessage: 500, forMs: 1_000 },
    { kind: "drop", atMessage: 1 },
    { kind: "duplicate", oneIn: 10_000 },
    { kind: "swap", atMessage: 7 },
    { kind: "corrupt", oneIn: 3 },
    { kind: "late", byMs: 2.5 },
    { kind: "slow-reader", perDeliveryMs: 15 },
    { kind: "delay", byMs: 0.05 },
    { kind: "grow", bytes: 1 },
    { kind: "leak", bytes: 10_240 },
    { kind: "nagle" },
    { kind: "close" },
  ])("may be %j", (fault) => {
    expect(parsed(JSON.stringify(fault))).toEqual(fault);
  });

  it("is none where the variable is empty or missing", () => {
    expect([faultIn({}), parsed("")]).toEqual([null, null]);
  });

  it.each([
    ["drop", /^TRANSPORT_BENCH_FAULT: drop is not an object such as \{"kind":"drop"/],
    [
      '{"kind":"dorp","atMessage":1}',
      /"dorp".* is not .*kinds are block, drop, .* slow-reader, .* and close$/,
    ],
    ['{"atMessage":1}', /kinds are/],
    ['{"kind":"drop","atMessage":0}', /: atMessage: 0 is not a whole number from 1 to/],
    ['{"kind":"drop","atMessage":1.5}', /: atMessage: 1.5 is not a whole number from 1 to/],
    ['{"kind":"drop"}', /either atMessage or oneIn$/],
    ['{"kind":"block","forMs":5,"atMessage":1,"oneIn":2}', /either atMessage or oneIn$/],
    ['{"kind":"block","atMessage":1}', /: forMs: nothing is not a number from 0.1 to 60000$/],
    ['{"kind":"late","byMs":5,"atMessage":1}', /is not late, which has byMs$/],
    ['{"kind":"grow","bytes":0}', /: bytes: 0 is not a whole number from 1 to/],
    ['{"kind":"nagle","oneIn":2}', /is not a fault of this kind, which has no more$/],
    ['{"kind":"slow-reader","perDeliveryMs":0}', /: perDeliveryMs: 0 is not a number from 0.1 to/],
  ])("must not be %s", (text, message) => {
    expect(() => parsed(text)).toThrow(BenchError);
    expect(() => parsed(text)).toThrow(message);
  });
});
