import type { StoredRun, StoredValue, History } from "../bench/results/stored-runs.ts";
import { sideOf } from "./comparison-fixture.ts";

// Histories made by hand, for tests of what shows them.

export function bytesOf(median: number, overrides: Partial<StoredValue> = {}): StoredValue {
  return {
    variant: "sse",
    scenario: "overhead",
    phase: "steady",
    metric: "bytesPerMessage",
    unit: "bytes",
    better: "lower",
    tier: 0,
    value: sideOf(median),
    ...overrides,
  };
}

export function p50Of(median: number, overrides: Partial<StoredValue> = {}): StoredValue {
  const timed = { scenario: "latency", metric: "p50", unit: "ns", tier: 1 } as const;
  return bytesOf(median, { ...timed, value: sideOf(median, 20_000, 10), ...overrides });
}

export function storedRun(day: number, overrides: Partial<StoredRun> = {}): StoredRun {
  return {
    path: `run-${day}/results.json`,
    startedAt: `2026-11-${String(day).padStart(2, "0")}T08:30:05.000Z`,
    commit: `${day}${"abcdef0123".repeat(4)}`.slice(0, 40),
    machine: 1,
    outcome: null,
    values: [],
    ...overrides,
  };
}

/** Six runs on two machines, of which the fourth made messages larger. */
export function usualHistory(): History {
  const websocket = { variant: "websocket" };
  const runs = [21, 21, 21, 22, 22, 22].map((bytes, index) =>
    storedRun(11 + index, {
      machine: index === 2 ? 2 : 1,
      outcome: index === 3 ? "regressed" : null,
      values: [
        bytesOf(bytes),
        bytesOf(4, websocket),
        p50Of(361_000 + 7_000 * ((index * 5) % 4)),
        ...(index === 1 ? [] : [p50Of(340_000 + 9_000 * ((index * 3) % 5), websocket)]),
      ],
    }),
  );
  return {
    runs,
    skipped: [{ path: "old/results.json", why: "has schema version 3; this bench reads 4" }],
  };
}
