import { compareDialling, compareMemory } from "./connecting.ts";
import { measureTimings } from "./latency.ts";
import type { Compared } from "./pairs.ts";
import { comparisonTable, doubts, timingTable } from "./tables.ts";
import { compareAutocannon, compareThroughput } from "./throughput.ts";
import type { Load } from "./throughput.ts";

/*
 * What the harness's own load process costs above a bare loop over the same library, against the same
 * server, in one run. Later work is held against this: run it before and after, on a quiet machine.
 */

const aim = { atLeast: 0.85 };
const pushed = { aim, channels: "shared", from: "server", counted: "deliveries" } as const;

const loads: readonly Load[] = [
  {
    ...pushed,
    name: "WebSocket push, 10 000/s",
    variant: "websocket",
    library: "websocket",
    ratePerSecond: 100,
  },
  {
    ...pushed,
    name: "WebSocket push, 40 000/s",
    variant: "websocket",
    library: "websocket",
    ratePerSecond: 400,
  },
  {
    name: "WebSocket echo, 20 000/s",
    variant: "websocket",
    library: "websocket",
    aim,
    channels: "own",
    ratePerSecond: 200,
    from: "clients",
    counted: "deliveries",
  },
  { ...pushed, name: "SSE push, 10 000/s", variant: "sse", library: "sse", ratePerSecond: 100 },
  {
    ...pushed,
    name: "long polls, 10 000/s",
    variant: "long-polling",
    library: "polls-at-once",
    ratePerSecond: 100,
    counted: "requests",
  },
  {
    ...pushed,
    name: "short polls, 10 000/s",
    variant: "short-polling@10ms",
    library: "polls-every-10ms",
    ratePerSecond: 100,
    counted: "requests",
  },
];

const comparisons: readonly (() => Promise<Compared | Compared[]>)[] = [
  ...loads.map((load) => () => compareThroughput(load)),
  compareAutocannon,
  compareDialling,
  compareMemory,
];

const startMs = performance.now();
const results: Compared[] = [];
for (const compare of comparisons) results.push(...[await compare()].flat());
const timings = await measureTimings([
  { ratePerSecond: 200, forMs: 2_600 },
  { ratePerSecond: 5_000, forMs: 1_000 },
]);
process.stdout.write(
  [
    "Work per CPU-second of the load process, 100 clients, 100 bytes; ratios pair by pair:",
    comparisonTable(results),
    ...doubts(results),
    "One WebSocket client, 100 bytes:",
    timingTable(timings),
    `${((performance.now() - startMs) / 1_000).toFixed(0)} s`,
    "",
  ].join("\n"),
);
