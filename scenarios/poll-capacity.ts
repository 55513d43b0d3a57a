import type { Stage } from "./scenario.ts";

/** Over less than this, the ceiling would be that of code which isn't compiled yet. */
const minCeilingMs = 1_000;

/** For transports that poll, the limit is requests per second: how many, and whom that serves. */
export async function measurePollCapacity(stage: Stage): Promise<void> {
  const { durationMs, ratePerSecond } = stage.workload;
  const ceiling = await stage.server.pollCeiling({
    connections: 50,
    forMs: Math.min(Math.max(durationMs / 2, minCeilingMs), 5_000),
  });
  if (ceiling === null) return;
  const { serverUtilisation } = ceiling;
  const serverLimits = serverUtilisation !== null && serverUtilisation > 0.9;
  const bound = serverLimits ? "exact" : "at least";
  const table =
    "capacity of polling: requests that each find one message, sent as fast as they are answered";
  const { pollIntervalMs } = stage.transport;
  stage.figure({
    key: "ceiling",
    label: "requests/s",
    table,
    unit: "per second",
    better: "higher",
    value: ceiling.requestsPerSecond,
    bound,
    note: ceilingNote(serverUtilisation, serverLimits),
  });
  stage.figure({
    key: "carried",
    label: "clients carried",
    table,
    unit: "count",
    better: "higher",
    value: Math.floor(
      pollIntervalMs === null
        ? ceiling.requestsPerSecond / ratePerSecond
        : (ceiling.requestsPerSecond * pollIntervalMs) / 1_000,
    ),
    bound,
    note:
      pollIntervalMs === null
        ? `at ${ratePerSecond} messages per second, each of which takes a request`
        : `at one request per ${pollIntervalMs} ms`,
  });
}

function ceilingNote(utilisation: number | null, serverLimits: boolean): string {
  if (utilisation === null)
    return "the limiting side is unknown, since the server's process is unknown";
  return serverLimits
    ? "the server used all of its processor time"
    : `the server used only ${Math.round(100 * utilisation)} % of its processor time: the load generator is the limit`;
}
