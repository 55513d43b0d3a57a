import { describe, expect, it } from "vitest";
import { filledIn, requestFieldsSchema, variablesIn } from "./request-fields.ts";

/** What is wrong with fields; null for nothing. */
function wrong(given: unknown): string | undefined {
  return requestFieldsSchema.safeParse(given).error?.issues[0]?.message;
}

const aText = "a text on one line, in which ${NAME} stands for a variable of the environment";

describe("fields of requests", () => {
  it("are known by their names in small letters", () => {
    const given = { Authorization: " Bearer ${KEY} ", "X-Org": "" };
    expect(requestFieldsSchema.parse(given)).toEqual({
      authorization: "Bearer ${KEY}",
      "x-org": "",
    });
  });

  it.each([
    [["X: 7"], "an object of header fields"],
    ["X: 7", "an object of header fields"],
    [{ X: 7 }, aText],
    [{ X: "a\nb" }, `it is not ${aText}`],
    [{ X: "a\u0000" }, `it is not ${aText}`],
    [{ X: "€" }, `it is not ${aText}`],
    [{ "X Y": "7" }, '"X Y" is not the name of a header field'],
    [{ "": "7" }, '"" is not the name of a header field'],
    [{ Host: "x" }, "host is chosen by how requests are made, and can't be given"],
    [
      { "Content-Length": "1" },
      "content-length is chosen by how requests are made, and can't be given",
    ],
    [{ X: "1", x: "2" }, "x is given twice"],
    [{ X: "${A B}" }, "X has a ${ without the name of a variable and a }"],
    [{ X: "${}" }, "X has a ${ without the name of a variable and a }"],
    [{ X: "${7}" }, "X has a ${ without the name of a variable and a }"],
  ])("are none: %j", (given, message) => {
    expect(wrong(given)).toBe(message);
  });

  it("name variables, each of which is told once", () => {
    expect(variablesIn({ a: "${A} and ${B_2}", b: "${A}", c: "$C" })).toEqual(["A", "B_2"]);
  });

  it("have them filled in, and nothing else", () => {
    const fields = { authorization: "Bearer ${KEY}", cost: "$5 {KEY}" };
    expect(filledIn(fields, { KEY: "sk-1" })).toEqual({
      authorization: "Bearer sk-1",
      cost: "$5 {KEY}",
    });
    expect(filledIn({ x: "${A}" }, { A: "$& ${B}" })).toEqual({ x: "$& ${B}" });
  });

  it.each([
    [{}, "the variable KEY isn't set"],
    [{ KEY: "" }, "the variable KEY isn't set"],
    [{ KEY: "two\nlines" }, "the variable KEY holds what no header field can"],
  ])("can't be filled in from %j", (environment, message) => {
    expect(() => filledIn({ x: "${KEY}" }, environment)).toThrow(message);
  });
});
