import { expect, it } from "vitest";
import { defineScenario } from "../../scenarios/scenario.ts";
import { scenarios } from "../../scenarios/index.ts";
import { asFlag } from "./naming.ts";
import { resolveConfig } from "./config.ts";
import { checkBus } from "./server-fleet.ts";

const broker = { url: "redis://127.0.0.1:1", port: 1, tlsName: null, shown: "redis://127.0.0.1:1" };

it("refuses a broker of the user's own where servers are in namespaces", () => {
  const settings = { bus: "redis", netns: true } as const;
  expect(() => resolveConfig(settings, asFlag, 1, null, broker)).toThrow(
    "redis://127.0.0.1:1 and --netns exclude each other: a broker of your own is not in the namespaces",
  );
  const overRelay = { bus: "redis", network: "relay:4g" } as const;
  expect(resolveConfig(overRelay, asFlag, 1, null, broker).broker).toEqual(broker);
});

it("refuses batches where clients come back to another server, which has others", () => {
  const settings = { servers: 2, scenarios: ["reconnect"], transports: ["sse+batch=20ms"] };
  expect(() => resolveConfig(settings, asFlag, 1)).toThrow(
    "--servers: clients of reconnect come back to another server, and sse+batch=20ms has other batches there",
  );
  expect(resolveConfig({ ...settings, scenarios: ["latency"] }, asFlag, 1).servers).toBe(2);
  expect(resolveConfig({ servers: 2, scenarios: ["storm"] }, asFlag, 1).bus).toBe("none");
});

it("refuses a bus that a variant's own library can't have", () => {
  const settings = { servers: 2, bus: "redis", transports: ["socket.io+recovery"] } as const;
  expect(() =>
    resolveConfig({ ...settings, transports: [...settings.transports] }, asFlag, 1),
  ).toThrow(
    "--bus redis can't be had with socket.io+recovery: @socket.io/redis-adapter has no recovery: use redis-streams, or leave out +recovery",
  );
  for (const bus of ["none", "redis-streams", "nats"] as const) {
    expect(
      resolveConfig({ servers: 2, bus, transports: ["socket.io+recovery"] }, asFlag, 1).bus,
    ).toBe(bus);
  }
});

it("refuses to have a broker fail that isn't there, or is the user's own", () => {
  const [first] = scenarios;
  if (first === undefined) throw new Error("no scenarios");
  const failing = defineScenario({ ...first, name: "failing", failsBus: true });
  const config = { ...resolveConfig({ servers: 2 }, asFlag, 1), scenarios: [failing] };
  const why =
    "--scenarios: failing has a broker fail that is started for it: give --bus redis, redis-streams, nats, and no broker of your own";
  expect(() => checkBus(config, asFlag)).toThrow(why);
  expect(() => checkBus({ ...config, bus: "redis", broker }, asFlag)).toThrow(why);
  checkBus({ ...config, bus: "redis" }, asFlag);
});
