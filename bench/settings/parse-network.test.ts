import { describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { meanLoss } from "./packet-loss.ts";
import { networks } from "./networks.ts";
import { parseNetwork, parsePackets, relayOffer } from "./parse-network.ts";
import { unimpaired } from "./network-profile.ts";

describe("--network", () => {
  it.each(Object.entries(networks))("takes %s by its name", (name, { down, up }) => {
    expect(parseNetwork(name)).toEqual({ name, down, up });
  });

  it("takes settings, for both directions or for each", () => {
    const { down, up } = parseNetwork(
      "delay=40ms/20ms, jitter=5ms,jitter-shape=exponential,loss=1%,reorder=0.5%,reorder-by=3ms," +
        "bandwidth=10Mbit/512kbit,queue=64KB,outage=3s,outage-every=20s",
    );
    const both = {
      jitterMs: 5,
      jitterShape: "exponential",
      loss: { kind: "random", probability: 0.01 },
      reorder: 0.005,
      reorderByMs: 3,
      queueBytes: 64_000,
      outages: { everyMs: 20_000, forMs: 3_000 },
    };
    expect(down).toEqual({ ...both, delayMs: 40, bitsPerSecond: 10_000_000 });
    expect(up).toEqual({ ...both, delayMs: 20, bitsPerSecond: 512_000 });
  });

  it("takes a name, and what differs from it", () => {
    const { down, up } = parseNetwork("4g,bandwidth=unlimited/2Mbit,loss=0%");
    const loss = { kind: "random", probability: 0 };
    expect(down).toEqual({ ...networks["4g"]?.down, loss, bitsPerSecond: null });
    expect(up).toEqual({ ...networks["4g"]?.up, loss, bitsPerSecond: 2e6 });
    expect(parseNetwork("train,outage=1s").down.outages).toEqual({ everyMs: 20_000, forMs: 1_000 });
  });

  it("takes loss in bursts by their mean length, or by the chain itself", () => {
    const { loss } = parsePackets("loss=2%,burst=4").down;
    expect(loss).toMatchObject({ kind: "bursts", toGood: 0.25, inBad: 1, inGood: 0 });
    expect(meanLoss(loss)).toBeCloseTo(0.02, 12);
    expect(parseNetwork("loss=1%:25%:80%:0.1%").up).toEqual({
      ...unimpaired,
      loss: { kind: "bursts", toBad: 0.01, toGood: 0.25, inBad: 0.8, inGood: 0.001 },
    });
  });

  it.each([
    [
      "5g",
      /^"5g" is unknown; did you mean .*known are lan, wifi, 4g, 3g, satellite, train, corporate-proxy, relay:4g and its like, and settings such as delay=40ms,loss=1%$/,
    ],
    ["", /^"" is unknown; known are lan/],
    ["constructor", /"constructor" is unknown/],
    ["4g,", /^"" is no setting; allowed are delay, jitter, /],
    ["dealy=4ms", /"dealy=4ms" is no setting; did you mean "delay"\? allowed are/],
    ["delay=", /^delay must be a duration from 0ms to 10s, such as 500ms or 10s; it is ""$/],
    ["delay=40", /^delay must be a duration .*; it is "40"$/],
    ["delay=1ms/2ms/3ms", /^delay must be one value, or two with a slash between them; it is/],
    ["delay=1ms,delay=2ms", /^delay is given twice$/],
    [
      "loss=100%",
      /^loss must be a percentage below 100%, or toBad:toGood:lossInBad:lossInGood, such as 1%:25%:100%:0%; it is "100%"$/,
    ],
    ["loss=1%:0%:1%:0%", /^loss must be /],
    ["loss=1%:2%", /^loss must be /],
    ["burst=4", /^burst needs a random loss, such as loss=2%,burst=4/],
    [
      "loss=1%,burst=0",
      /^burst must be a mean number of packets from 1 to 10000, such as 4; it is "0"$/,
    ],
    ["loss=99%,burst=1", /^burst needs a random loss/],
    [
      "bandwidth=1",
      /^bandwidth must be unlimited, or a rate from 8kbit to 100Gbit a second, such as 512kbit or 10Mbit; it is "1"$/,
    ],
    ["queue=1KB", /^queue must be a size from 1500 to 100000000 bytes, .*; it is "1KB"$/],
    ["outage=3s", /^outage and outage-every belong together/],
    ["outage=3s,outage-every=2s", /^an outage must be shorter than outage-every$/],
  ])("refuses %j in one line", (text, message) => {
    const parse = (): unknown => parseNetwork(text);
    expect(parse).toThrow(BenchError);
    expect(parse).toThrow(message);
  });
});

describe("--network relay:", () => {
  it("takes a network by its name, without what only packets meet", () => {
    const { down, up } = networks["4g"] ?? { down: unimpaired, up: unimpaired };
    const own = { hold: null, sliceBytes: null, idleTimeoutMs: null };
    const shared = ({ delayMs, jitterMs, jitterShape, bitsPerSecond, outages }: typeof down) => ({
      delayMs,
      jitterMs,
      jitterShape,
      bitsPerSecond,
      outages,
      ...own,
    });
    expect(parseNetwork("relay:4g")).toEqual({
      name: "relay:4g",
      down: shared(down),
      up: shared(up),
      notPlayed: ["loss", "queue"],
    });
  });

  it("takes settings, and a name with what differs from it", () => {
    expect(
      parseNetwork("relay:delay=40ms/20ms, bandwidth=2Mbit,hold=4KiB:100ms/none,slice=64"),
    ).toMatchObject({
      name: "relay:delay=40ms/20ms,bandwidth=2Mbit,hold=4KiB:100ms/none,slice=64",
      down: { delayMs: 40, bitsPerSecond: 2e6, hold: { bytes: 4_096, forMs: 100 }, sliceBytes: 64 },
      up: { delayMs: 20, bitsPerSecond: 2e6, hold: null, sliceBytes: 64, idleTimeoutMs: null },
      notPlayed: [],
    });
    expect(parseNetwork("relay:train,outage=1s,idle-timeout=30s/none")).toMatchObject({
      down: { delayMs: 85, outages: { everyMs: 20_000, forMs: 1_000 }, idleTimeoutMs: 30_000 },
      up: { idleTimeoutMs: null },
    });
  });

  it.each(["corporate-proxy", "relay:corporate-proxy"])(
    "plays %s, which nothing else can, under one name",
    (text) => {
      expect(parseNetwork(text)).toMatchObject({
        name: "relay:corporate-proxy",
        down: { hold: { bytes: 4_096, forMs: 100 }, idleTimeoutMs: 60_000 },
        up: { hold: null },
        notPlayed: [],
      });
    },
  );

  it.each([
    ["relay:5g", /^"5g" is unknown; did you mean .*known are lan, /],
    ["relay:", /^"" is unknown; known are lan, /],
    ["relay:loss=1%", /^loss is what packets meet, and a relay passes on TCP connections; leave /],
    ["relay:4g,burst=3", /^burst is what packets meet/],
    ["relay:4g,reorder=1%", /^reorder is what packets meet/],
    ["relay:4g,reorder-by=1ms", /^reorder-by is what packets meet/],
    ["relay:4g,queue=64KB", /^queue is what packets meet/],
    ["corporate-proxy,loss=1%", /^loss is what packets meet/],
    ["4g,slice=64", /^slice is what a relay does with TCP connections; write relay: first/],
    ["hold=1KiB:5ms", /write relay: first, as in relay:hold=1KiB:5ms$/],
    [
      "relay:dealy=4ms",
      /"dealy=4ms" is no setting; did you mean "delay"\? allowed are .*hold, slice/,
    ],
    ["relay:hold=4KiB", /^hold must be none, or bytes up to 256KiB and a time up to 1m, such as/],
    ["relay:hold=1MiB:1s", /^hold must be none, or bytes/],
    [
      "relay:slice=0",
      /^slice must be none, or a size from 1 to 65536 bytes, such as 64; it is "0"$/,
    ],
    ["relay:idle-timeout=1ms", /^idle-timeout must be none, or a duration from 100ms to 1h/],
    ["relay:outage=3s", /^outage and outage-every belong together/],
  ])("refuses %j in one line", (text, message) => {
    const parse = (): unknown => parseNetwork(text);
    expect(parse).toThrow(BenchError);
    expect(parse).toThrow(message);
  });

  it.each([
    ["lan", "; --network relay:lan plays it on TCP connections"],
    ["4g", "; --network relay:4g plays it on TCP connections, without loss"],
    ["delay=40ms,queue=9KB", "; --network relay:delay=40ms plays it on TCP connections"],
    [
      "train,loss=2%,burst=3,outage=1s",
      "; --network relay:train,outage=1s plays it on TCP connections, without loss",
    ],
    ["loss=1%", ""],
  ])("is offered instead of %s where that has something left", (text, offer) => {
    expect(relayOffer(parsePackets(text))).toBe(offer);
  });
});
