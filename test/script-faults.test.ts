import { afterEach, describe, expect, it, vi } from "vitest";
import { planRun } from "../bench/plan/plan.ts";
import type { PublisherVerbs } from "../bench/processes/protocol.ts";
import { percentileNs } from "../bench/results/percentile.ts";
import type { Phase } from "../bench/results/schema.ts";
import { resolveConfig } from "../bench/settings/config.ts";
import { faultVariable } from "../bench/settings/fault.ts";
import type { ServerFault } from "../scenarios/fault.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import type { Stage } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, forkProcess, hostsOf } from "./built-engine.ts";

const clients = 2;

/** The phases of a script, on real processes and sockets. */
async function played(variant: string, play: (stage: Stage) => Promise<void>): Promise<Phase[]> {
  const scenario = defineScenario({
    name: "faults by script",
    summary: "",
    measures: "counts",
    workload: { clients, ratePerSecond: 100, payloadBytes: 64 },
    describe: () => "",
    play,
  });
  const config = resolveConfig({ transports: [variant], trials: 1 }, String, 1);
  const [trial] = planRun({ ...config, scenarios: [scenario] }).flat();
  if (trial === undefined) throw new Error("nothing was planned");
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await play(director);
  return director.phases;
}

const sending = { forMs: 100 };
const clean = { lost: 0, duplicated: 0, reordered: 0, corrupted: 0 };

/** What the recorder found wrong in a phase. */
function auditOf({ deliveries }: Phase): typeof clean {
  const { lost, duplicated, reordered, corrupted } = deliveries;
  return { lost: lost ?? Number.NaN, duplicated, reordered, corrupted };
}

/** A phase before the fault, one with it, and one after. */
async function around(
  stage: Stage,
  fault: (on: boolean) => Promise<void>,
  body: () => Promise<void>,
): Promise<void> {
  await stage.phase("before", body);
  await fault(true);
  await stage.phase("with the fault", body);
  await fault(false);
  await stage.phase("after", body);
}

const ofServer = (fault: ServerFault) => (stage: Stage) => (on: boolean) =>
  stage.server.fault(on ? fault : null);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a fault that a script asks for", () => {
  it("is found in its phase and in no other, whatever came before it", async () => {
    const faults = [
      [{ kind: "drop", atMessage: 3 }, { lost: clients }],
      [{ kind: "duplicate", oneIn: 4 }, { duplicated: 2 * clients }],
      [{ kind: "swap", atMessage: 3 }, { reordered: clients }],
      [{ kind: "corrupt", atMessage: 3 }, { corrupted: clients }],
    ] as const;
    const phases = await played("websocket", async (stage) => {
      await stage.clients.connect(clients);
      for (const [fault] of faults) {
        await around(stage, ofServer(fault)(stage), () => stage.server.publish(sending));
      }
    });
    expect(phases.map(auditOf)).toEqual(
      faults.flatMap(([, found]) => [clean, { ...clean, ...found }, clean]),
    );
  });

  it("can begin in the middle of a phase, and end in it", async () => {
    const phases = await played("sse", async (stage) => {
      await stage.clients.connect(clients);
      await stage.phase("all", async () => {
        await stage.server.publish(sending);
        await stage.server.fault({ kind: "drop", oneIn: 1 });
        await stage.server.publish(sending);
        await stage.server.fault(null);
        await stage.server.publish(sending);
      });
    });
    expect(phases.map(auditOf)).toEqual([{ ...clean, lost: 10 * clients }]);
  });

  /*
   * A message comes every 10 ms and takes 20 ms with each client that it reaches: with one client half of 30
   * messages are at least 150 ms late, with two in the same process 450 ms. A slow machine only adds.
   */
  it("concerns clients that are connected already, and those that connect later", async () => {
    const phases = await played("websocket", async (stage) => {
      const slow = { kind: "slow-reader", perDeliveryMs: 20 } as const;
      const publish = (): Promise<void> => stage.server.publish({ forMs: 300 });
      const fault = (on: boolean): Promise<void> => stage.clients.fault(on ? slow : null);
      await stage.clients.connect(1);
      await around(stage, fault, publish);
      await fault(true);
      await stage.clients.connect(2);
      await stage.phase("with one more client", publish);
    });
    const [before = 0, during = 0, after = 0, withOneMore = 0] = phases.map(
      ({ latency }) => (percentileNs(latency.delivery, 0.5) ?? Number.NaN) / 1e6,
    );
    expect(during).toBeGreaterThan(100);
    expect(before).toBeLessThan(during);
    expect(after).toBeLessThan(during);
    expect(withOneMore).toBeGreaterThan(300);
  });

  it("ends the connections of polls that come while it is on", async () => {
    const phases = await played("long-polling", async (stage) => {
      await stage.clients.connect(clients);
      const publish = (): Promise<void> => stage.server.publish(sending);
      await around(stage, ofServer({ kind: "close" })(stage), publish);
      await stage.phase("later", publish);
    });
    const [before, during = 0, after, later] = phases.map(({ wire }) => wire?.connections);
    expect(during).toBeGreaterThanOrEqual(clients);
    // The polls that waited when it ended had come before.
    expect([before, after, later]).toEqual([0, clients, 0]);
  });

  it("takes the place of the environment's", async () => {
    vi.stubEnv(faultVariable, '{"kind":"drop","atMessage":3}');
    const phases = await played("websocket", async (stage) => {
      await stage.clients.connect(clients);
      const publish = (): Promise<void> => stage.server.publish(sending);
      await stage.phase("the environment's", publish);
      await stage.server.fault({ kind: "duplicate", atMessage: 3 });
      await stage.phase("the script's", publish);
    });
    expect(phases.map(auditOf)).toEqual([
      { ...clean, lost: clients },
      { ...clean, duplicated: clients },
    ]);
  });

  it("is refused where it would have to be made by the user's own server", async () => {
    await using publisher = forkProcess<PublisherVerbs>("bench/processes/publisher", "publisher");
    const drop = publisher.call("fault", { fault: { kind: "drop", atMessage: 1 } });
    await expect(drop).rejects.toThrow(
      "publisher: the server is the user's own and can't be asked for the fault drop",
    );
    await publisher.call("fault", { fault: { kind: "late", byMs: 1 } });
  });
});
