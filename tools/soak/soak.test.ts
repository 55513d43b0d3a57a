import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { soakChart } from "./chart.ts";
import { judgeRun } from "./judge.ts";
import { readRecord, saveRecord } from "./record.ts";
import type { ProcessCourse, SoakRecord } from "./record.ts";
import { heapCourseOf, spelled, spellingOf } from "./reported-heap.ts";
import { plannedRuns, soakSettings } from "./settings.ts";
import { soakText } from "./text.ts";

const folder = mkdtempSync(join(tmpdir(), "transport-bench-soak-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flags = {
  minutes: "60",
  cutEvery: "60",
  transports: "sse,websocket",
  network: "lan",
  clients: "50",
  rate: "10",
};

describe("what a soak runs", () => {
  it("is each transport for the whole time, and one over a network of packets", () => {
    const runs = plannedRuns(soakSettings(flags));
    expect(runs.map(({ name }) => name)).toEqual(["sse", "websocket", "websocket over lan"]);
    expect(runs[2]?.args.join(" ")).toMatch(
      /cuts\.js .*--duration 3600s --cut-every 60s .*--transports websocket\+logMessages=1000 --network lan$/,
    );
  });

  it("can do without the network", () => {
    const runs = plannedRuns(soakSettings({ ...flags, network: "none" }));
    expect(runs).toHaveLength(2);
  });

  it("names a flag that is wrong", () => {
    expect(() => soakSettings({ ...flags, minutes: "61" })).toThrow(/^--minutes: /);
  });
});

describe("what a process reports of its heap", () => {
  it("is read as it was written, in the order of time", () => {
    writeFileSync(join(folder, "7.heap"), "1000 50\n2000 60\n");
    expect(heapCourseOf(folder, 7)).toEqual({ atMs: [1_000, 2_000], bytes: [50, 60] });
  });

  it("is nothing where it isn't Node", () => {
    expect(heapCourseOf(folder, 8)).toEqual({ atMs: [], bytes: [] });
  });

  it("is asked for by a variable, whatever the folder is called", () => {
    const asked = { folder: "/a folder/with:colon", everyMs: 1_500 };
    expect(spellingOf(spelled(asked))).toEqual(asked);
  });
});

const atMs = Array.from({ length: 60 }, (_, minute) => 1e12 + minute * 60_000);
const mib = 1_048_576;

function processOf(gained: number): ProcessCourse {
  return {
    process: "server",
    atMs,
    anonymousBytes: atMs.map((_, minute) => (40 + (gained * minute) / 60) * mib),
    descriptors: atMs.map(() => 76),
    heap: { atMs, bytes: atMs.map(() => 12 * mib) },
  };
}

const phase = {
  name: "cuts",
  expected: 1_800_000,
  received: 1_799_000,
  replayed: 1_000,
  inFlight: 0,
  missed: 0,
  overrun: 0,
  unaccounted: 0,
  doubled: 0,
  reordered: 0,
  returns: 3_000,
  lasting: 0,
};

function recordOf(gained: number): SoakRecord {
  return {
    minutes: 60,
    cutEverySeconds: 60,
    clients: 50,
    rate: 10,
    command: "npm run soak",
    startedAt: "2026-11-27T09:30:00.000Z",
    runs: [
      {
        name: "sse",
        command: "bench run",
        exitCode: 0,
        outcome: "valid",
        processes: [processOf(gained)],
        phases: [phase],
        left: [],
      },
    ],
  };
}

function textOf(record: SoakRecord): string {
  return soakText(
    record,
    record.runs.map((run) => judgeRun(run, record)),
  );
}

describe("what a soak has found", () => {
  it("is a row for each process, the books, and a sentence", () => {
    expect(textOf(recordOf(2))).toMatchInlineSnapshot(`
      "50 clients of each run, 10 msg/s, cut every 60 s for 60 minutes; medians of the last 50, and what they gain an hour with its 95 % interval:
      ┌─────┬─────────┬──────┬────────────────┬────────────┬────────────────────────┬──────────┬────────────────┬──────┐
      │ run │ process │ heap │    KiB an hour │ own memory │            KiB an hour │ descrip- │        an hour │      │
      │     │         │  MiB │ (at most 3000) │        MiB │         (at most 6000) │     tors │ (at most 6.00) │      │
      ├─────┼─────────┼──────┼────────────────┼────────────┼────────────────────────┼──────────┼────────────────┼──────┤
      │ sse │ server  │ 12.0 │     0 (0 to 0) │       41.1 │ +2050 (+2050 to +2050) │     76.0 │     0 (0 to 0) │ flat │
      └─────┴─────────┴──────┴────────────────┴────────────┴────────────────────────┴──────────┴────────────────┴──────┘
      ┌─────┬───────┬─────────┬────────────┬───────────┬──────────┬─────────┬────────────┬─────────┬───────────┬─────────┐
      │ run │ phase │ returns │ deliveries │  received │ replayed │ lost in │     missed │ overrun │      lost │ doubled │
      │     │       │         │            │           │          │  flight │ while away │         │ otherwise │         │
      ├─────┼───────┼─────────┼────────────┼───────────┼──────────┼─────────┼────────────┼─────────┼───────────┼─────────┤
      │ sse │ cuts  │    3000 │  1 800 000 │ 1 799 000 │     1000 │       0 │          0 │       0 │         0 │       0 │
      └─────┴───────┴─────────┴────────────┴───────────┴──────────┴─────────┴────────────┴─────────┴───────────┴─────────┘
      Every process (1) is flat, nothing is left, and all books add up."
    `);
  });

  it("names what grows", () => {
    expect(textOf(recordOf(20)).split("\n").slice(-2)).toEqual([
      "Not as it should be: sse.",
      "- sse: server: its own memory grows",
    ]);
  });

  it("is drawn over time, with what was gained since it is judged", () => {
    const { title, series } = soakChart(recordOf(6));
    expect(title).toBe("From minute 10 to 60, the processes of a run gained +4.50 to +4.50 MiB");
    expect(series[0]?.points).toHaveLength(12);
  });

  it("can be saved, and read again", () => {
    saveRecord(folder, recordOf(1));
    expect(readRecord(folder)).toEqual(recordOf(1));
  });

  it("can't be read from any other folder", () => {
    expect(() => readRecord(join(folder, "none"))).toThrow(
      /^--from: .*isn't what a soak has saved/,
    );
  });
});
