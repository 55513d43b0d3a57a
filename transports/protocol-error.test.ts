import { describe, expect, it } from "vitest";
import {
  ProtocolError,
  closeError,
  expectedNumber,
  quoted,
  subscribeError,
} from "./protocol-error.ts";

describe("what a peer says", () => {
  it("is quoted, with line ends to be seen", () => {
    expect(quoted('a "b"\nc')).toBe(String.raw`"a \"b\"\nc"`);
  });

  it("is cut, and its length stated", () => {
    expect(quoted("x".repeat(5_000))).toBe(`"${"x".repeat(60)}"… (5000 characters)`);
  });

  it("does nothing to a terminal", () => {
    expect(quoted("\u001B[2J\u0007\u0000\u007F\u009B\u202E\u2066\u2028\u{E0001}")).toBe(
      String.raw`"\u001b[2J\u0007\u0000\u007f\u009b\u202e\u2066\u2028\udb40\udc01"`,
    );
  });
});

describe("a number that is due", () => {
  it.each(["0", "12", "999999999999999"])("may be %s", (text) => {
    expect(expectedNumber(text, "the hello")).toBe(Number(text));
  });

  it.each([
    "",
    "NaN",
    "-1",
    "Infinity",
    "1e3",
    "0x10",
    " 1",
    "1\n",
    "1.5",
    "1000000000000000",
    "١",
  ])("can't be %j", (text) => {
    expect(() => expectedNumber(text, "the hello")).toThrow(
      new ProtocolError(`the hello is ${quoted(text)}, not a whole number`),
    );
  });

  it("can't be missing", () => {
    expect(() => expectedNumber(undefined, "the header Cursor")).toThrow(
      "the header Cursor is missing",
    );
  });
});

it.each([
  [1008, "bad token", 'closed with 1008 "bad token"'],
  [1001, "", "closed with 1001"],
  [1005, "", "closed without a code"],
  [1006, "", "the server ended the connection"],
  [4000, "\u001B[31mred", String.raw`closed with 4000 "\u001b[31mred"`],
])("a WebSocket that ends with %i and %j is %s", (code, reason, message) => {
  expect(closeError(code, reason).message).toBe(message);
});

it("what kept a client from subscribing keeps its cause, and says what was received", () => {
  const late = new Error("not subscribed within 10 s");
  const error = subscribeError(late, "no answer");
  expect(error.message).toBe("not subscribed within 10 s; no answer");
  expect(error.cause).toBe(late);
  const refusal = new ProtocolError("status 503", 503);
  expect(subscribeError(refusal, "no answer")).toBe(refusal);
});
