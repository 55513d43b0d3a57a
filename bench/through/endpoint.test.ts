import { describe, expect, it } from "vitest";
import { endpointAt, parseEndpointUrl, parseFields, shownUrl } from "./endpoint.ts";
import { questionIn } from "./question.ts";

const verification = { ca: null, isVerified: true };

describe("an endpoint", () => {
  const given = parseEndpointUrl("wss://me:pa%3Ass@h.example:8443/events?channel=abcd&t=1#there");
  const endpoint = endpointAt(given, parseFields(["X-Tenant:  acme 7 "]), verification);

  it("is asked with a URL's user and password, and without them in the URL", () => {
    expect(endpoint.url.href).toBe("https://h.example:8443/events?channel=abcd&t=1");
    const basic = `Basic ${Buffer.from("me:pa:ss").toString("base64")}`;
    expect(endpoint.fields).toEqual({ "x-tenant": "acme 7", authorization: basic });
  });

  it("is shown without anything that may be a key", () => {
    expect(shownUrl(endpoint)).toBe("https://h.example:8443/events?channel=***&t=***");
    expect(endpoint.hide(`${endpoint.fields["authorization"]} of acme 7`)).toBe("*** of ***");
  });

  it("hides nothing that everybody sends", () => {
    const fields = parseFields(["Accept: text/event-stream", "Origin: https://app.example"]);
    const { hide } = endpointAt(new URL("http://h.example/"), fields, verification);
    const said = "200 text/event-stream for https://app.example";
    expect(hide(said)).toBe(said);
  });

  it.each([
    ["user and password that are escaped", "http://m%65me:pa%3Ass@h/", "meme:pa:ss"],
    ["a password that is no escape", "http://me:100%25%zz@h/", "100%%zz"],
    ["a value as it is written", "http://h/?a=b%2fcd%2Fe", "b%2fcd%2Fe b/cd/e"],
    ["a key without a name", "http://h/?k3yk3y", "k3yk3y"],
  ])("hides %s", (_, text, said) => {
    const given = endpointAt(parseEndpointUrl(text), {}, verification);
    expect(given.hide(said)).toMatch(/^[*: ]+$/);
    expect(shownUrl(given)).toMatch(/^http:\/\/h\/(?:\?(?:a=)?\*\*\*)?$/);
  });

  it("shows what a server says without letting it act", () => {
    expect(endpoint.hide("nginx\u009B31m\u202E")).toBe(String.raw`nginx\u009b31m\u202e`);
  });

  it.each(["nowhere", "ftp://h/", "http://", ""])("isn't %j", (text) => {
    expect(() => parseEndpointUrl(text)).toThrow(/is not the URL of an endpoint/);
  });

  it.each(["me:passw0rd@h/x?t=s3cr3t", "ftp://me:passw0rd@h/", "http://me:passw0rd@h:x/?s3cr3t"])(
    "isn't %j, of which no secret is repeated",
    (text) => {
      expect(() => parseEndpointUrl(text)).toThrow(/^(?!.*(?:passw0rd|s3cr3t)).*\*\*\*@h/);
    },
  );

  it("has each field once", () => {
    expect(() => parseFields(["Cookie: a=1", "cookie: b=2"])).toThrow(/cookie is given twice/);
  });

  it.each(["no colon", ": nothing", "a b: c", "a: b\r\nc: d"])(
    "has no field %j, which is not repeated, as it may be a secret",
    (text) => {
      expect(() => parseFields([text])).toThrow(
        '--header: what was given is no field, which is a name, a colon and a value: "X-Client: 7"',
      );
    },
  );

  it.each(["Upgrade: h2c", "accept-encoding: zstd"])("has %s of its own", (text) => {
    expect(() => parseFields([text])).toThrow(/is chosen by what is asked/);
  });
});

describe("what an answering end is asked", () => {
  it("is bounded, and 0 where it is left out or makes no sense", () => {
    const query = "count=20&gap=99999999&bytes=-1&wait=x&accel=no&transform=yes";
    expect(questionIn(new URLSearchParams(query))).toEqual({
      count: 20,
      gap: 600_000,
      bytes: 0,
      wait: 0,
      padding: 0,
      accel: "no",
    });
  });
});
