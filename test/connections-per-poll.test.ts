import { describe, expect, it } from "vitest";
import { parseVariant } from "../bench/settings/variant.ts";
import { Link } from "../bench/conformance/link.ts";
import { theoryContract } from "../bench/conformance/theory-contract.ts";

describe.each(["short-polling@20ms", "long-polling"])("%s without keep-alive", (plain) => {
  const { bound } = parseVariant(`${plain}+keepalive=off`);

  theoryContract(bound, it);
  describe("over TLS", () => {
    theoryContract(parseVariant(`${plain}+keepalive=off+tls`).bound, it);
  });

  it("dials for each poll and each message up, and calls none of it a reconnect", async () => {
    await using link = await Link.open(bound);
    await using alice = await link.connect();
    for (let count = 1; count <= 5; count += 1) {
      link.publish("to be fetched");
      await alice.seen.count(count);
      alice.connection.send(Buffer.from("to be taken"));
      await link.upstreamChanges.until(() => link.upstream.length === count);
    }
    const { connections, requests } = link.listener.totals();
    expect(connections).toBeGreaterThan(10);
    expect(connections - requests).toBeGreaterThanOrEqual(0);
    expect(alice.seen.reconnects).toEqual([]);
    expect(alice.seen.endings).toEqual([]);
  });
});

it("long polling without keep-alive polls again, and says so, when a poll that waits is cut off", async () => {
  await using link = await Link.open(parseVariant("long-polling+keepalive=off").bound);
  await using alice = await link.connect();
  while (link.listener.totals().requests < 2) await new Promise(setImmediate);
  link.relay.cut();
  link.publish("all the same");
  expect(await alice.seen.count(1)).toEqual(["all the same"]);
  expect(alice.seen.reconnects).toEqual([true]);
  expect(alice.seen.endings).toEqual([]);
});

it.each(["websocket", "tcp"])("%s has no option keepalive", (name) => {
  expect(() => parseVariant(`${name}+keepalive=off`)).toThrow(`${name} has no option "keepalive"`);
});

it("keepalive can only be off", () => {
  expect(() => parseVariant("long-polling+keepalive=on")).toThrow(
    'long-polling option keepalive: "on" is not off',
  );
});
