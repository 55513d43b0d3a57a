import { describe, expect, it } from "vitest";
import { recordBytes } from "../bench/layers/tls.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { transports } from "../transports/index.ts";
import { tcp } from "../transports/tcp.ts";
import { bothWays, sumBytes } from "../transports/wire-bytes.ts";
import { Link } from "../bench/conformance/link.ts";
import { layeredContracts, overTls } from "./layered-variants.ts";
import { Stranger, requestOf } from "./stranger.ts";

/** Variants that are quick, or whose bytes are the same each time. */
const steady: Readonly<Record<string, string>> = {
  "short-polling": "short-polling@20ms",
  // With its upgrade, how many polls there are is a matter of timing.
  "socket.io": "socket.io@websocket",
};

const able = transports.filter((transport) => transport.layers("default").includes("tls"));

layeredContracts(overTls, [tcp]);

describe.each(able)("$name over TLS", ({ name }) => {
  const plain = steady[name] ?? name;
  const { bound } = parseVariant(`${plain}+tls`);

  it("counts bytes as an independent relay does, with the handshake apart", async () => {
    await using link = await Link.open(bound);
    await using alice = await link.connect();
    for (let size = 0; size < 300; size += 7) link.publish("x".repeat(size));
    link.publish("y".repeat(70_000));
    alice.connection.send(Buffer.from("z".repeat(200)));
    await alice.seen.count(44);
    await link.upstreamChanges.until(() => link.upstream.length === 1);
    await link.agreed();
    const { parts } = link.listener.totals();
    // The certificate alone has some 400 bytes.
    expect(parts.tlsHandshakes.down).toBeGreaterThan(400);
  });

  it("knows the alerts that end connections from what they carried", async () => {
    await using link = await Link.open(bound);
    for (let client = 0; client < 3; client += 1) {
      await using alice = await link.connect();
      link.publish("to be counted");
      await alice.seen.count(1);
    }
    await link.relay.settled();
    while (link.listener.open.size > 0) await new Promise(setImmediate);
    const { allRecords } = link.listener.totals();
    expect([allRecords.down % recordBytes, allRecords.up % recordBytes]).toEqual([0, 0]);
  });

  it("has every client resume a session where that is asked for, also of those that dial at once", async () => {
    const handshakes = async (variant: string): Promise<number[]> => {
      await using link = await Link.open(parseVariant(variant).bound);
      const bytes: number[] = [];
      for (const clients of [1, 3]) {
        const before = link.listener.totals();
        const connecting = Array.from({ length: clients }, () => link.connect());
        for (const client of await Promise.all(connecting)) {
          expect(client.seen.endings).toEqual([]);
          await client[Symbol.asyncDispose]();
        }
        while (link.listener.open.size > 0) await new Promise(setImmediate);
        const { connections, parts } = link.listener.totals();
        const down = parts.tlsHandshakes.down - before.parts.tlsHandshakes.down;
        bytes.push(down / (connections - before.connections));
      }
      return bytes;
    };
    const [whole, resumed] = [
      await handshakes(`${plain}+tls`),
      await handshakes(`${plain}+tls+resume`),
    ];
    // The certificate and what proves it; a key exchange alone has 100 bytes, or 1 200 where it resists quantum computers.
    expect(Math.min(...whole) - Math.max(...resumed)).toBeGreaterThan(400);
  });

  it("is set up for what a plain one is, but for records", async () => {
    const setUp = async (variant: string): Promise<number> => {
      await using link = await Link.open(parseVariant(variant).bound);
      await using alice = await link.connect();
      expect(alice.seen.endings).toEqual([]);
      const { parts, records } = link.listener.totals();
      return bothWays(parts.setUp) - bothWays(records.setUp);
    };
    expect(await setUp(`${plain}+tls`)).toBe(await setUp(plain));
  });

  it("has nothing of a client that doesn't speak it", async () => {
    await using link = await Link.open(bound);
    const stranger = new Stranger(link);
    stranger.write(requestOf("GET", "/", {}));
    await stranger.ended();
    expect(link.listener.open.size).toBe(0);
    const { parts } = link.listener.totals();
    expect(sumBytes([parts.setUp, parts.upstream]).up).toBe(0);
    await using alice = await link.connect();
    link.publish("served all the same");
    expect(await alice.seen.count(1)).toEqual(["served all the same"]);
  });
});
