import { describe, expect, it } from "vitest";
import type { Connection, Transport } from "../../transports/transport.ts";
import { contractTests } from "./contract.ts";

/** A transport whose client isn't subscribed before `subscribed` resolves, and hears and says nothing then. */
function silent(subscribed: Promise<void>): Transport<object> {
  const connection: Connection = {
    cursor: 0,
    send() {},
    async [Symbol.asyncDispose]() {},
  };
  return {
    name: "silent",
    delivery: "push",
    serve: () => ({ publish() {}, async [Symbol.asyncDispose]() {} }),
    clients: { default: () => subscribed.then(() => connection) },
  };
}

const delivering =
  "delivers what is published at once, and names every answer with the messages in it";

describe("a contract's test names what it waits for in vain:", () => {
  it.each([
    [
      delivering,
      new Promise<never>(() => {}),
      "expected a client to be subscribed, received nothing of the kind within 20ms",
    ],
    [delivering, Promise.resolve(), "expected 1000 messages, received 0 of them within 20ms"],
    [
      "carries messages up in order, with their channel",
      Promise.resolve(),
      "expected 3 messages sent up, received 0 of them within 20ms",
    ],
  ])("%s", async (name, subscribed, message) => {
    const tests = contractTests(silent(subscribed), { limitMs: 20 });
    await expect(tests.find((test) => test.name === name)?.run()).rejects.toThrow(message);
  });
});
