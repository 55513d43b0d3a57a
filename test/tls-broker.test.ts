import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BenchProcess, TemporaryFolder, bench } from "./bench-process.ts";
import { brokers, isMissing } from "./requirements.ts";
import { TlsBroker, flags, password } from "./tls-broker.ts";

const busBytes = fileURLToPath(new URL("fixtures/bus-bytes.js", import.meta.url));

/** A latency run of two servers by a broker. */
const argumentsFor = (bus: string, url: string, variant: string): string[] => [
  "run",
  ...flags({ scenarios: "latency", transports: variant, servers: "2", bus }),
  ...flags({ [bus === "nats" ? "nats" : "redis"]: url, duration: "300ms", trials: "1" }),
  ...flags({ "extra-trials": "0", out: "out" }),
  "--no-report",
];

describe.skipIf(isMissing(brokers))("a broker of the user's own that speaks TLS", () => {
  it.each([
    ["redis", "redis-bus.js", "RedisBus"],
    ["redis-streams", "redis-stream-bus.js", "RedisStreamBus"],
    ["nats", "nats-bus.js", "NatsBus"],
  ] as const)(
    "is counted to the byte that crosses, records and handshakes included: %s",
    async (kind, file, name) => {
      await using broker = await TlsBroker.for(kind);
      const url = broker.url.replace("localhost", "127.0.0.1");
      const place = { url, port: broker.port, tlsName: "localhost", topic: "test" };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [busBytes, file, name, JSON.stringify(place)],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: broker.authority } },
      );
      const { taken, all } = JSON.parse(stdout);
      expect(taken).toBe(100);
      expect(all).toEqual({ down: broker.down, up: broker.up });
      expect(all.up).toBeGreaterThan(100 * 200);
    },
  );

  it.each([
    ["redis-streams", "socket.io@websocket"],
    ["nats", "websocket"],
  ] as const)("serves a run by %s, which tells no password", async (bus, variant) => {
    using folder = new TemporaryFolder();
    await using broker = await TlsBroker.for(bus);
    const trusting = ["env", `NODE_EXTRA_CA_CERTS=${broker.authority}`];
    const args = argumentsFor(bus, broker.url, variant);
    await using run = new BenchProcess(folder.path, args, trusting);
    const { stdout, stderr } = await run.ended;
    const results = await run.results();
    const steady = results.trials[0]?.phases.at(-1);
    expect(steady?.deliveries.lost, stderr).toBe(0);
    expect(steady?.bus).toMatchObject({ kind: bus, lost: 0, servers: 2 });
    expect(steady?.bus?.bytesUp).toBeGreaterThan((steady?.bus?.published ?? 0) * 256);
    const saved = await readFile(join(folder.path, "out", "results.json"), "utf8");
    for (const text of [stdout, stderr, saved]) expect(text).not.toContain(password);
  });

  it.each(["redis", "nats"] as const)(
    "is refused in one line where its certificate isn't trusted: %s",
    async (bus) => {
      using folder = new TemporaryFolder();
      await using broker = await TlsBroker.for(bus);
      const { code, stderr } = await bench(
        folder.path,
        ...argumentsFor(bus, broker.url, "websocket"),
      );
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^error: --(redis|nats) \S+: the broker can't be used: .*certificate.*\n$/m,
      );
      expect(stderr).toContain("NODE_EXTRA_CA_CERTS");
      expect(stderr).not.toContain(password);
    },
  );

  it.each([
    ["redis", "rediss"],
    ["redis-streams", "rediss"],
    ["nats", "tls"],
  ] as const)("is refused in one line where nobody listens: %s", async (bus, scheme) => {
    using folder = new TemporaryFolder();
    const url = `${scheme}://127.0.0.1:1`;
    const { code, stderr } = await bench(folder.path, ...argumentsFor(bus, url, "websocket"));
    expect(stderr).toMatch(
      /^error: --(redis|nats) \S+: the broker can't be used: .*refused.*\n$/im,
    );
    expect(code).toBe(2);
  });
});
