import { expect, it, vi } from "vitest";
import { CountedListener } from "../measure/listener.ts";
import { parseVariant } from "../settings/variant.ts";
import { contractOf } from "./contract-of.ts";

const clientsOf = (name: string): string[] => [
  ...new Set(contractOf(parseVariant(name)).map(({ client }) => client)),
];

it("plays the contract with every client of a transport, or with the one that is meant", () => {
  expect(clientsOf("sse")).toEqual(["default", "eventsource", "fetch", "undici", "lean"]);
  expect(clientsOf("sse:fetch")).toEqual(["fetch"]);
  expect(clientsOf("sse+tls")).toEqual(["default"]);
});

it.each([
  ["sse+tls", { isHttp2: false, identity: expect.objectContaining({}) }],
  ["sse+h2c", { isHttp2: true, identity: null }],
])("plays it over the layers of %s", async (name, listening) => {
  const open = vi.spyOn(CountedListener, "open");
  const resumes = contractOf(parseVariant(name)).find((test) => test.name.startsWith("resumes at"));
  await resumes?.run();
  expect(open.mock.calls.map(([, options]) => options)).toEqual([
    expect.objectContaining(listening),
  ]);
  open.mockRestore();
});

it.each([
  ["sse", 0],
  ["long-polling+h2", 0],
  ["long-polling+keepalive=off", 1],
])("leaves out what can't be over the layers of %s", (name, count) => {
  const skipped = contractOf(parseVariant(name)).filter((test) => test.skipped !== null);
  expect(skipped).toHaveLength(count);
});
