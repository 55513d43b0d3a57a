import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { listen, portOf } from "../measure/listen.ts";
import { planRun } from "../plan/plan.ts";
import { whyMissing } from "../programs/index.ts";
import { brokerOf } from "../settings/broker-settings.ts";
import { resolveConfig } from "../settings/config.ts";
import type { Settings } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { targetOf } from "../settings/target-settings.ts";
import { checkPlan } from "./plan-check.ts";
import { whyUnreached } from "./reach.ts";

const placement = { servers: ["north", "east"], clients: ["south"] } as const;

/** Of which the first listens on so many addresses; programs are looked for at `path`. */
function workersAt(
  addresses: readonly string[],
  path?: string,
  capacity = 64,
): Parameters<typeof checkPlan>[0] {
  return {
    capacity: () => capacity,
    listen: (name) => (name === "north" ? addresses : addresses.slice(0, 1)),
    lacks: async (_, program) => whyMissing(program, path),
    unreached: async (_, place) => whyUnreached(place),
  };
}

/** What a run with these settings is refused for on two servers and a client; null where it is played. */
async function refusal(
  settings: Settings,
  workers = workersAt(["127.0.0.1"]),
): Promise<string | null> {
  const given = { transports: ["sse"], scenarios: ["latency"], trials: 1, seed: 1, ...settings };
  const target = await targetOf(given, { allowTargets: [] }, asFlag);
  const broker = await brokerOf(given, [], asFlag);
  const config = resolveConfig(given, asFlag, 1, target, broker);
  try {
    await checkPlan(workers, planRun(config), () => placement, asFlag);
    return null;
  } catch (error) {
    if (error instanceof BenchError) return error.message;
    throw error;
  }
}

describe("what workers need for a run", () => {
  it("is nothing for most", async () => {
    expect(await refusal({})).toBeNull();
    expect(await refusal({ servers: 2, bus: "none" })).toBeNull();
    expect(await refusal({ network: "relay:4g" })).toBeNull();
  });

  it("is room for the processes that each of them is to run", async () => {
    const withRoom = (capacity: number): ReturnType<typeof workersAt> =>
      workersAt(["127.0.0.1"], undefined, capacity);
    expect(await refusal({}, withRoom(2))).toBeNull();
    expect(await refusal({}, withRoom(1))).toBe(
      "worker south has a --capacity of 1, and latency needs 2 processes there at least",
    );
    const settings: Settings = { servers: 4, bus: "redis", scenarios: ["storm"] };
    expect(await refusal(settings, withRoom(5))).toBe(
      "worker north has a --capacity of 5, and storm needs 6 processes there at least",
    );
  });

  it("is the program of a bus, where the first server runs", async () => {
    const settings = { servers: 2, bus: "redis" } as const;
    expect(await refusal(settings, workersAt(["127.0.0.1"], "/nowhere"))).toBe(
      "--bus redis: worker north: redis-server not found; on Debian: apt-get install redis-server",
    );
  });

  it("is an address of a relay for each server", async () => {
    const settings = { servers: 2, bus: "none", network: "relay:4g" } as const;
    expect(await refusal(settings)).toBe(
      "--network: a relay in front of 2 servers needs as many addresses, and worker north has 1: see its --listen",
    );
    expect(await refusal({ ...settings, network: undefined, scenarios: ["reconnect"] })).toMatch(
      /^the scenario reconnect: a relay in front of 2 servers/,
    );
    expect(await refusal(settings, workersAt(["127.0.0.1", "127.0.0.2"]))).toBeNull();
  });

  it("is a way to the user's own broker and server", async () => {
    const server = createServer();
    await listen(server, 0, "127.0.0.1");
    const there = `127.0.0.1:${portOf(server)}`;
    const ofTwo = { servers: 2, bus: "redis" } as const;
    expect(await refusal({ ...ofTwo, redis: `redis://me:secret@${there}` })).toBeNull();
    expect(await refusal({ target: [`http://${there}`] })).toBeNull();
    // Each has a loopback of its own, unless all of them are on one machine.
    const apart = workersAt(["192.0.2.1"]);
    expect(await refusal({ ...ofTwo, redis: `redis://me:secret@${there}` }, apart)).toBe(
      `--redis redis://***@${there}: on north and other workers, that is each its own machine`,
    );
    await new Promise((done) => server.close(done));
    expect(await refusal({ target: [`http://${there}`] })).toBe(
      `--target http://${there}: worker north can't reach it (ECONNREFUSED)`,
    );
  });

  it("is nothing that only the machine has from which a run is played", async () => {
    const target = ["http://127.0.0.1:9"];
    expect(await refusal({ target, targetCommand: "./serve" })).toBe(
      "--target-command is of this machine, and the run is played on others; leave it out",
    );
    expect(await refusal({ target, targetPid: [process.pid] })).toMatch(/^--target-pid is of this/);
  });
});
