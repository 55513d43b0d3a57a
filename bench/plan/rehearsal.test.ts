import { describe, expect, it } from "vitest";
import type { Scenario } from "../../scenarios/scenario.ts";
import { ScriptedStage } from "../../test/scripted-stage.ts";
import { resolveConfig } from "../settings/config.ts";
import type { Settings } from "../settings/config.ts";
import { planRun } from "./plan.ts";
import { parseVariant } from "../settings/variant.ts";
import type { PlannedTrial } from "./plan.ts";
import { trialMs } from "./duration.ts";
import { rehearse } from "./rehearsal.ts";

function trialOf(scenario: string, transport: string, settings: Settings = {}): PlannedTrial {
  const given = { scenarios: [scenario], transports: [transport], trials: 1, seed: 1, ...settings };
  const [trial] = planRun(resolveConfig(given, String, 0)).flat();
  if (trial === undefined) throw new Error("nothing is planned");
  return trial;
}

/** The phases of the script itself, on a stage on which all goes well. */
async function scripted({
  scenario,
  workload,
  variant,
  maxIdleMs,
}: PlannedTrial): Promise<string[]> {
  const { bound } = variant;
  const stage = new ScriptedStage({
    workload,
    maxIdleMs,
    transport: {
      delivery: bound.delivery,
      idleCycleMs: bound.idleCycleMs,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
    },
    ceiling: { requestsPerSecond: 1, serverUtilisation: 1 },
  });
  await scenario.play(stage);
  const isPull = bound.delivery === "pull";
  return stage.calls.flatMap((call) => {
    if (call.startsWith("phase ")) return [call.slice(6)];
    if (call.startsWith("pollCeiling")) return isPull ? ["poll ceiling"] : [];
    return call === "warm-up" ? [call] : [];
  });
}

const cells = ["latency", "echo", "overhead", "connections"].flatMap((scenario) =>
  ["short-polling@250ms", "long-polling", "sse", "websocket"].map((transport) => ({
    scenario,
    transport,
  })),
);

describe("the rehearsal", () => {
  it.each(cells)("of $scenario over $transport has the phases of its script", async (cell) => {
    const trial = trialOf(cell.scenario, cell.transport);
    const { phases } = await rehearse(trial);
    expect(phases).toEqual(await scripted(trial));
    expect(phases.length).toBeGreaterThan(1);
  });

  it.each(cells)("of $scenario over $transport states the figures of its script", async (cell) => {
    const { figures } = await rehearse(trialOf(cell.scenario, cell.transport));
    const keys = figures.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(figures.filter(({ headline }) => headline)).toHaveLength(1);
  });

  it.each(["websocket:lean", "sse:lean"])(
    "refuses scripts that have clients of %s send, and plays what they do without",
    async (transport) => {
      for (const scenario of ["echo", "offline-queue"]) {
        await expect(rehearse(trialOf(scenario, transport))).rejects.toThrow(
          `--scenarios: ${scenario} has clients send, and ${transport} only receives`,
        );
      }
      for (const scenario of ["latency", "overhead", "memory", "rooms"]) {
        const { stretches } = await rehearse(trialOf(scenario, transport));
        expect(stretches.length).toBeGreaterThan(0);
        expect(stretches.some(({ sentUp }) => sentUp)).toBe(false);
      }
    },
  );

  it("adds up what is sent, and apart from it what depends on the machine", async () => {
    // 620 to start with a canary, 20 clients at half a ms, three phases of 20.
    const expected = { busyMs: 800 + 2_500, idleMs: 0, fixedMs: 620 + 10 + 3 * 20 };
    expect(await rehearse(trialOf("latency", "sse", { clients: 20 }))).toMatchObject(expected);
  });

  it("waits for the last poll of what was measured", async () => {
    // The second half of the warm-up is as long as the interval.
    const busyMs = 400 + 2_000 + 2_500 + 2_000;
    const trial = trialOf("latency", "short-polling@2s", { clients: 20 });
    expect(await rehearse(trial)).toMatchObject({ busyMs, idleMs: 0 });
  });

  it("tells apart what needs the machine and what only waits", async () => {
    const patient = await rehearse(trialOf("overhead", "sse@20s"));
    const brief = await rehearse(trialOf("overhead", "sse@1s"));
    expect([patient.idleMs, brief.idleMs]).toEqual([20_000, 1_000]);
    expect(patient.busyMs).toBe(brief.busyMs);
  });

  it("leaves the machine to others where only polls on a grid are counted", async () => {
    const counted = await rehearse(trialOf("overhead", "short-polling@2s"));
    const timed = await rehearse(trialOf("latency", "short-polling@2s"));
    expect([counted.busyMs, timed.idleMs]).toEqual([0, 0]);
    expect(counted.idleMs).toBeGreaterThan(3 * 2_000);
  });

  it("takes longer with everything that takes longer", async () => {
    for (const { scenario, transport } of cells) {
      const short = await rehearse(trialOf(scenario, transport, { maxConnections: 500 }));
      const long = await rehearse(
        trialOf(scenario, transport, { duration: 9_000, clients: 90, maxConnections: 5_000 }),
      );
      expect(trialMs(long), `${scenario} ${transport}`).toBeGreaterThan(trialMs(short));
    }
  });

  it.each<[string, Scenario["play"]]>([
    [
      "publish reaches clients of the shared channel",
      async ({ clients, server }) => {
        await clients.connect(2, { channels: "own" });
        await server.publish({ forMs: 100 });
      },
    ],
    [
      "reaches them all",
      async ({ clients }) => {
        await clients.tryConnect(2);
        await clients.send({ forMs: 100 });
      },
    ],
    [
      "connected at once",
      async ({ clients }) => {
        await clients.connect(1);
        await clients.connect(2, { channels: "own" });
      },
    ],
    [
      "as many as have a place",
      ({ clients }) => clients.connect(3, { channels: { rooms: [{ clients: 2, count: 1 }] } }),
    ],
    [
      "one plan of rooms",
      async ({ clients }) => {
        await clients.connect(2, { channels: { rooms: [{ clients: 2, count: 1 }] } });
        await clients.connect(2, { channels: { rooms: [{ clients: 1, count: 2 }] } });
      },
    ],
    [
      "have to be connected to some",
      async ({ clients }) => {
        await clients.connect(2);
        await clients.changeRooms({ forMs: 100, ratePerSecond: 1 });
      },
    ],
  ])("refuses a script in which %s, since nobody could count its deliveries", async (...row) => {
    const [reason, play] = row;
    const trial = trialOf("latency", "sse");
    await expect(rehearse({ ...trial, scenario: { ...trial.scenario, play } })).rejects.toThrow(
      reason,
    );
  });

  it("refuses a script that has a network misbehave which isn't there", async () => {
    const trial = trialOf("latency", "sse");
    const play: Scenario["play"] = ({ network }) => network.cut({ how: "reset" });
    await expect(rehearse({ ...trial, scenario: { ...trial.scenario, play } })).rejects.toThrow(
      "usesNetwork: true",
    );
    const scenario = { ...trial.scenario, usesNetwork: true, play };
    await expect(rehearse({ ...trial, scenario })).resolves.toMatchObject({ maxClients: 0 });
  });

  it("refuses a script that has a network become what there isn't, or that isn't of packets", async () => {
    const trial = trialOf("latency", "sse");
    const becoming = (name: string, usesNetwork: true | "packets") =>
      rehearse({
        ...trial,
        scenario: {
          ...trial.scenario,
          usesNetwork,
          play: ({ network }) => network.become(name),
        },
      });
    await expect(becoming("4g", true)).rejects.toThrow('usesNetwork: "packets"');
    await expect(becoming("6g", "packets")).rejects.toThrow('"6g" is unknown');
    await expect(becoming("4g,loss=1%", "packets")).resolves.toMatchObject({ maxClients: 0 });
  });

  it("has intruders try only where they know what is spoken, and which limits there are", async () => {
    const trying = (variant: string, hasIntruders = true): Promise<unknown> => {
      const trial = trialOf("guards", variant);
      return rehearse({ ...trial, scenario: { ...trial.scenario, hasIntruders } });
    };
    await expect(trying("sse", false)).rejects.toThrow("hasIntruders: true");
    await expect(trying("sse+h2")).rejects.toThrow("leave out +h2 and +h2c");
    await expect(trying("tcp")).rejects.toThrow("intruders don't know how tcp is spoken");
    const trial = trialOf("guards", "sse");
    const unlimited = { ...trial, variant: parseVariant("sse") };
    await expect(rehearse(unlimited)).rejects.toThrow("sse has none of the limits");
    await expect(rehearse(trial)).resolves.toMatchObject({ maxClients: 50 });
  });

  it("refuses a script that restarts the server without having said so", async () => {
    const trial = trialOf("latency", "sse");
    const play: Scenario["play"] = ({ server }) => server.restart({ downMs: 1 });
    const scenario = { ...trial.scenario, usesNetwork: true, play };
    await expect(rehearse({ ...trial, scenario })).rejects.toThrow("restartsServer: true");
    const restarting = { ...scenario, restartsServer: true };
    await expect(rehearse({ ...trial, scenario: restarting })).resolves.toMatchObject({});
    const alone = { ...restarting, usesNetwork: false };
    await expect(rehearse({ ...trial, scenario: alone })).rejects.toThrow("usesNetwork: true");
  });

  it("refuses a script that has the broker fail without having said so", async () => {
    const trial = trialOf("latency", "sse");
    const play: Scenario["play"] = ({ bus }) => bus.fail({ forMs: 1 });
    const scenario = { ...trial.scenario, play };
    await expect(rehearse({ ...trial, scenario })).rejects.toThrow("failsBus: true");
    const failing = { ...scenario, failsBus: true };
    await expect(rehearse({ ...trial, scenario: failing })).resolves.toMatchObject({});
  });
});
