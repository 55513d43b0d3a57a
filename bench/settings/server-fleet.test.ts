import { expect, it } from "vitest";
import { defineScenario } from "../../scenarios/scenario.ts";
import { scenarios } from "../../scenarios/index.ts";
import { asFlag } from "./naming.ts";
import { resolveConfig } from "./config.ts";
import { checkBus } from "./server-fleet.ts";

const broker = { url: "redis://127.0.0.1:1", port: 1, shown: "redis://127.0.0.1:1" };

it("refuses a broker of the user's own where servers are in namespaces", () => {
  const settings = { bus: "redis", netns: true } as const;
  expect(() => resolveConfig(settings, asFlag, 1, null, broker)).toThrow(
    "redis://127.0.0.1:1 and --netns exclude each other: a broker of your own is not in the namespaces",
  );
  const overRelay = { bus: "redis", network: "relay:4g" } as const;
  expect(resolveConfig(overRelay, asFlag, 1, null, broker).broker).toEqual(broker);
});

it("refuses to restart one of several servers that no broker joins", () => {
  const settings = { servers: 2, scenarios: ["storm"] };
  expect(() => resolveConfig(settings, asFlag, 1)).toThrow(
    "--scenarios: storm restarts a server, and one of several finds the others only by a broker: give --bus redis, redis-streams, nats",
  );
  expect(resolveConfig({ ...settings, bus: "nats" }, asFlag, 1).servers).toBe(2);
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
