import { expect, it } from "vitest";
import { hiddenQuery, hidingOf, secretsGiven } from "./user-secrets.ts";

it("hides what a user has given, whole, by its words and as URLs write it", () => {
  const url = new URL("https://api.example/v1?code=a%2Fb+c%3D1&flag");
  const fields = {
    authorization: "Bearer sk-12345678",
    "x-org": "acme corp",
    accept: "text/plain",
  };
  const hide = hidingOf(secretsGiven(url, fields));
  expect(hide("wrong key sk-12345678 of acme corp for text/plain")).toBe(
    "wrong key *** of *** for text/plain",
  );
  expect(hide("a/b c=1 or a%2Fb+c%3D1")).toBe("*** or ***");
});

it("leaves the names of a query", () => {
  expect(hiddenQuery("?api-version=2024-02-01&key=x&flag")).toBe("?api-version=***&key=***&***");
  expect(hiddenQuery("")).toBe("");
});
