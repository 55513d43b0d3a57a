import { describe, expect, it } from "vitest";
import type { PlannedTrial } from "../bench/plan/plan.ts";
import type { Phase } from "../bench/results/schema.ts";
import { throughput } from "../scenarios/throughput.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 3;

/** A server that takes this long for each message can't publish more than 100 in a second. */
const blockMs = 10;
const mostPerSecond = 1_000 / blockMs;

/** Plays a script with such a server. */
async function playSlow<T>(
  variant: string,
  play: (director: InstanceType<typeof Director>) => Promise<T>,
): Promise<T> {
  const planned = trialOf(variant, 256);
  // Late on any machine that is busy: what holds then, always holds.
  const workload = { ...planned.workload, clients, ratePerSecond: 40, objectiveMs: 25 };
  const trial: PlannedTrial = { ...planned, scenario: throughput, workload, netns: false };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.server.fault({ kind: "delay", byMs: blockMs });
  return await play(director);
}

describe("publishing what is too much", () => {
  it("ends where messages are too late, and delivers what was sent", async () => {
    const [tooMuch, after] = await playSlow("websocket", async (director) => {
      await director.clients.connect(clients);
      await director.phase(
        "too much",
        () => director.server.publish({ ratePerSecond: 1_000, forMs: 1_000, latestMs: 200 }),
        { isAttempt: true },
      );
      await director.phase("after", () =>
        director.server.publish({ ratePerSecond: 10, forMs: 500, latestMs: 60_000 }),
      );
      return director.phases;
    });
    expect(tooMuch).toMatchObject({ isAttempt: true, brokenOff: "late" });
    const { intended = 0 } = tooMuch?.deliveries ?? {};
    // With 10 ms for each, the 23rd is 200 ms late.
    expect(intended).toBeLessThan(60);
    const whole = { lost: 0, duplicated: 0, reordered: 0 };
    expect(tooMuch?.deliveries).toMatchObject({ ...whole, expected: clients * intended });
    expect(tooMuch?.rate?.intended).toBe(1_000);
    expect(after?.deliveries).toMatchObject({ ...whole, intended: 5, delivered: 5 * clients });
    expect(after).not.toHaveProperty("brokenOff");
  });
});

describe("a search for the highest rate that is served", () => {
  it("stays below what the server can do, and states what each rate has shown", async () => {
    const { phases, figures } = await playSlow("sse", async (director) => {
      await throughput.play(director);
      return director;
    });
    const attempts = phases.filter(({ isAttempt }) => isAttempt === true);
    expect(attempts.length).toBeGreaterThan(1);
    for (const { deliveries, canary } of attempts) {
      const { intended } = deliveries;
      expect(deliveries).toMatchObject({ expected: clients * intended, lost: 0, duplicated: 0 });
      expect(canary?.expected).toBe(intended);
    }
    const stated = (key: string) => figures.find((figure) => figure.key === key);
    const { value, note } = stated("throughput") ?? {};
    // At this rate, what is due in 250 ms takes 25 ms more.
    expect(Number(value ?? 0)).toBeLessThan(1.15 * mostPerSecond * clients);
    expect(note).toMatch(/^at [\d.]+ msg\/s, 99 % took up to \d+ ms; limit: /);
    expect(stated("response.objective")?.value).toBe(25);
    const servedAt = stated("served.p99")?.phase;
    if (servedAt !== undefined) expect(p99Of(attempts, servedAt)).toBeLessThanOrEqual(25e6);
  });
});

/** The largest of a phase's deliveries, of too few for another percentile, which all have to be in time. */
function p99Of(attempts: readonly Phase[], name: string): number {
  const phase = attempts.find((one) => one.name === name);
  return phase?.latency.delivery.maxNs ?? Number.POSITIVE_INFINITY;
}
