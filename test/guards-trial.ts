import { expect, test } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import { kindsFor } from "../bench/intruders/kinds.ts";
import { parseVariant, withGuards } from "../bench/settings/variant.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import type { Guards } from "../transports/guards.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 3;

const guards: Guards = {
  payloadBytes: 20_000,
  perAddress: 20,
  perSecond: 200,
  origins: ["https://app.example"],
  token: "right",
  requestMs: 400,
  idleMs: 800,
};

/** How the standards have each kind refused: RFC 9110, RFC 6585, RFC 6455. */
const refusedAs: Readonly<Record<string, readonly string[]>> = {
  oversized: ["413", "1009"],
  "oversized-parts": ["413", "1009"],
  connections: ["429"],
  flood: ["429", "1008"],
  pings: ["1008"],
  // Too many may wait for their answers before too many have come in a second.
  pipelined: ["429", "closed", "reset"],
  origin: ["403"],
  "no-token": ["401"],
  "wrong-token": ["401"],
  silent: ["408", "closed"],
  idle: ["408", "closed"],
  // Node closes behind its 408 at once: who is still sending may get a reset before it is read.
  "slow-head": ["408", "reset"],
  "slow-body": ["408", "reset"],
};

/** A phase in which a few clients are served while intruders try. */
async function triedPhase(variant: string): Promise<Phase> {
  const planned = trialOf(variant, 256);
  const trial = {
    ...planned,
    variant: withGuards(parseVariant(variant), guards),
    scenario: defineScenario({ ...planned.scenario, hasIntruders: true, watchesMemory: true }),
  };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(clients);
  await director.phase("intruders", async () => {
    await Promise.all([
      director.server.publish({ ratePerSecond: 20, forMs: 1_000 }),
      director.intruders.intrude({ forMs: 1_000 }),
    ]);
  });
  await director.clients.disconnect();
  const [phase] = director.phases;
  if (phase === undefined) throw new Error("no phase was measured");
  expect(director.warnings.filter(({ code }) => code === "not-refused")).toEqual([]);
  return phase;
}

export function refusesIntruders(variant: string): void {
  test(`${variant}: each intruder is refused as its standard has it, and no client notices`, async () => {
    const { deliveries, disconnected, intruders = [] } = await triedPhase(variant);
    const { bound } = parseVariant(variant);
    if (bound.wireForm === null) throw new Error("nobody knows how it is spoken");
    const kinds = kindsFor({ form: bound.wireForm, guards }).map(({ name }) => name);
    expect(intruders.map(({ kind }) => kind)).toEqual(kinds);
    const wrong = intruders.flatMap(({ kind, endings }) =>
      Object.entries(endings)
        .filter(([ending]) => refusedAs[kind]?.includes(ending) !== true)
        .map(([ending, count]) => `${kind}: ${ending}, ${count} times`),
    );
    expect(wrong).toEqual([]);
    expect(intruders.filter(({ attempts }) => attempts === 0)).toEqual([]);
    expect(deliveries).toMatchObject({ expected: clients * 20, lost: 0, duplicated: 0 });
    expect(disconnected).toBe(0);
  });
}
