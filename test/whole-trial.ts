import { expect } from "vitest";
import type { Trial } from "../bench/results/schema.ts";
import { wireOf } from "./results-fixture.ts";

/** Expects what holds of a trial on any machine: nothing is lost, and each byte is in one part. */
export function expectWhole(trial: Trial): void {
  const name = `${trial.scenario} ${trial.variant}`;
  expect(doubtsBesidesTheMachine(trial), name).toEqual([]);
  for (const phase of trial.phases) {
    const { deliveries } = phase;
    const wire = wireOf(phase);
    expect(deliveries.lost ?? 0, name).toBe(0);
    expect(deliveries, name).toMatchObject({ duplicated: 0, reordered: 0, corrupted: 0 });
    const sum = Object.values(wire.parts).reduce((total, { down }) => total + down, 0);
    expect(sum, name).toBe(wire.total.down);
  }
}

/** What there is to complain about in a trial, except that the machine was busy. */
function doubtsBesidesTheMachine({ outcome, warnings }: Trial): string[] {
  const busy = new Set([
    "late-publisher",
    "slow-rate",
    "load-saturated",
    "server-saturated",
    "steal",
    "throttled",
    "not-steady",
    "rising",
    "hidden-backlog",
    "backlog",
    "canary",
    "stood-still",
    "contention",
  ]);
  const others = warnings.map(({ code }) => code).filter((code) => !busy.has(code));
  return ["failed", "interrupted"].includes(outcome.status) ? [outcome.status, ...others] : others;
}
