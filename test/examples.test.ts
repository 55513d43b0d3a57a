import { expect, it } from "vitest";
import { casesOf } from "../bench/conformance/conform.ts";
import { checked, failuresOf } from "./conformance-check.ts";
import { ExampleServer } from "./example-server.ts";

// The servers of examples/, started as their first comment says.

it.each([
  ["ws", "websocket"],
  ["sse", "sse"],
  ["long-polling", "long-polling"],
  ["socket.io", "socket.io"],
])("examples/%s.js can be measured as %s", async (example, transport) => {
  await using server = new ExampleServer(`${example}.js`);
  const required = casesOf(transport).filter(({ level }) => level === "required");
  const outcomes = await checked(transport, await server.port, { cases: required });
  expect(outcomes).toHaveLength(required.length);
  expect(failuresOf(outcomes)).toEqual({});
});
