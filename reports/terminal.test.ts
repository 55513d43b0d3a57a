import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { environment, figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import { variantResults } from "../test/variants-fixture.ts";
import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { onlyRun } from "./run.ts";
import { terminal } from "./terminal.ts";

function rendered(results: Results): string {
  return terminal.render(onlyRun(results), { colour: false });
}

/** Lines that are wider than 100 columns. */
function tooWide(text: string): string[] {
  return text.split("\n").filter((line) => stripVTControlCharacters(line).length > 100);
}

const figures = (factor: number): Figure[] => [
  figureOf("p50", factor * 1e6, { unit: "ns", label: "p50", headline: true }),
  figureOf("loss", 0, { unit: "percent", label: "lost" }),
  figureOf("held", 400 * factor, {
    unit: "count",
    better: "higher",
    label: "clients\nheld",
    bound: "at least",
    note: "nothing stopped it before --max-connections",
  }),
  figureOf("stopped", "--max-connections", {
    unit: "text",
    better: "neither",
    label: "stopped by",
  }),
  figureOf("idle", null, { label: "idle\nB/min", about: "scaled", note: "one cycle takes 25 s" }),
  figureOf("cpu", 12.5 * factor, { table: "CPU time", unit: "ms", label: "server" }),
];

const trials: readonly Trial[] = [
  ...[1, 1.1, 1.2].map((factor, index) =>
    trialOf("sse", { repetition: index + 1, figures: figures(factor) }),
  ),
  ...[2, 2.1, 2.2].map((factor, index) =>
    trialOf("short-polling@250ms+logMessages=5", {
      repetition: index + 1,
      figures: figures(factor),
      ...(index === 2 && {
        outcome: { status: "invalid" },
        warnings: [{ code: "slow-rate", phase: "steady", detail: "50 % of the rate" }],
      }),
    }),
  ),
];

describe("the terminal's report", () => {
  it("reads well", () => {
    expect(rendered(resultsOf(trials))).toMatchSnapshot();
  });

  it("tells nothing by colour alone", () => {
    const coloured = terminal.render(onlyRun(resultsOf(trials)), { colour: true });
    expect(coloured).toContain("\u001B[1m");
    expect(stripVTControlCharacters(coloured)).toBe(rendered(resultsOf(trials)));
  });

  it("says in its first line that a run was interrupted", () => {
    const results = resultsOf(trials);
    results.run.status = "interrupted";
    expect(rendered(results).split("\n")[0]).toMatch(/INTERRUPTED: part of it is missing$/);
  });

  it("says at its top what was made to go wrong on purpose, and only then", () => {
    const results = resultsOf(trials);
    expect(rendered(results)).not.toContain("FAULT");
    results.run.fault = '{"kind":"drop","atMessage":5}';
    expect(rendered(results).split("\n")[1]).toContain('ON PURPOSE: {"kind":"drop","atMessage":5}');
    results.run.fault = "x".repeat(200);
    expect(tooWide(rendered(results))).toEqual([]);
  });

  it("says that a run was on networks of its own", () => {
    const results = resultsOf(trials);
    const on = rendered({ ...results, run: { ...results.run, netns: true } });
    expect(on.split("\n")[1]).toMatch(/, seed 7, in network namespaces$/);
    expect(rendered(results).split("\n")[1]).toMatch(/, seed 7$/);
  });

  it("names the server where it isn't the harness's own, and how it was started", () => {
    const results = resultsOf([]);
    const headWith = (command: string | null, observed: boolean): string => {
      const target = { url: "http://127.0.0.1:3000", command, observed };
      const text = rendered({ ...results, run: { ...results.run, target } });
      return text.replaceAll(/\s+/g, " ");
    };
    const counted = "bytes are counted by a relay, in trials that time nothing";
    expect(headWith("node \u001B[31mserver.js", true)).toContain(
      `target http://127.0.0.1:3000, started for each trial by \`node \\u001b[31mserver.js\`; ${counted}`,
    );
    expect(headWith(null, true)).toContain(`target http://127.0.0.1:3000; ${counted}`);
    expect(headWith(null, false)).toContain(`:3000; its process is not known; ${counted}`);
  });

  it("shows results without any trial", () => {
    expect(rendered(resultsOf([]))).toContain("LATENCY  How late?");
  });

  it("shows who failed, and why", () => {
    const outcome = {
      status: "failed",
      by: "server",
      reason: "the server ended",
      stderr: "out of memory",
    } as const;
    const text = rendered(resultsOf([trialOf("sse", { outcome })]));
    expect(text).toContain("0 of 1 valid");
    expect(text).toContain("trial 1 failed: the server ended (out of memory)");
  });

  it("shows in brackets what invalid trials had where no trial counts, and says why", () => {
    const warnings = [{ code: "late-publisher", phase: "steady", detail: "late" } as const];
    const invalid = [3, 5, 4].map((value) =>
      trialOf("websocket", {
        outcome: { status: "invalid" },
        warnings,
        figures: [figureOf("x", value)],
      }),
    );
    const text = rendered(resultsOf([...trialsOf("sse", "x", [1, 2]), ...invalid]));
    expect(text).toMatch(/│ websocket\s*│\s*\(4\.00\) \[\d\]│/);
    expect(text).toMatch(
      /no valid trial: messages sent late; in brackets, the figures of the invalid ones/,
    );
    // It is in no sentence, and never the best.
    expect(text).not.toMatch(/websocket \(|4\.00 \*/);
    const alone = resultsOf([...trialsOf("sse", "x", [1, 2]), ...invalid.slice(0, 1)]);
    expect(rendered(alone)).toMatch(/│\s*\(3\.00\) \[\d\]│/);
  });

  it("marks a row of many doubts with three marks a line, in their order", () => {
    const codes = ["steal", "clock", "lost", "backlog"] as const;
    const warned = (variant: string, some: readonly (typeof codes)[number][]) =>
      trialOf(variant, {
        warnings: some.map((code) => ({ code, phase: "steady", detail: "seen" })),
        figures: [figureOf("x", 1)],
      });
    const first = warned("sse", codes.slice(2));
    const rows = rendered(resultsOf([first, warned("websocket", codes)])).split("\n");
    const at = rows.findIndex((row) => row.startsWith("│ websocket"));
    const marks = rows.slice(at + 2, at + 4).map((row) => row.split("│")[1]?.trim());
    expect(marks).toEqual(["[1] [2] [3]", "[4]"]);
  });

  it("has a row without figures for whom no trial counts, and says why", () => {
    const warnings = [{ code: "clock", phase: "steady", detail: "1 message" } as const];
    const results = resultsOf([
      ...trialsOf("sse", "x", [1, 2]),
      trialOf("websocket", {
        outcome: { status: "invalid" },
        warnings,
        figures: [figureOf("x", 3)],
      }),
    ]);
    const text = rendered(results);
    expect(text).toMatch(/│ websocket\s*│\s*n\/a \[\d\]│/);
    expect(text).toContain("0 of 1 valid");
    expect(text).toContain("no valid trial: clocks that differ");
    expect(text).toMatch(/websocket,\s+trial 1, steady: 1 message/);
  });

  it("has a row for whom an interrupted run did not come to", () => {
    const results = resultsOf([...trialsOf("sse", "x", [1]), trialOf("websocket")]);
    results.trials.pop();
    expect(rendered(results)).toContain("not played");
  });

  it("says on how many trials each row rests, also when all are valid", () => {
    const text = rendered(
      resultsOf([...trialsOf("one", "x", [1]), ...trialsOf("three", "x", [1, 2, 3])]),
    );
    expect(text).toMatch(/│ one\s*│.*\n│ 1 trial\s*│/);
    expect(text).toMatch(/│ three\s*│.*\n│ 3 trials\s*│/);
  });

  it.each([
    [[[1]], "One trial each"],
    [[[1, 2], [1]], "a confidence of 50 % over 2 trials;"],
    [
      [
        [1, 2, 3],
        [1, 2, 3, 4, 5],
      ],
      "a confidence of 75 % over 3 trials and 94 % over 5 trials;",
    ],
    [
      [
        [1, 2, 3],
        [1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
      ],
      "a confidence of 75 % over 3 trials and 95 % over 6 trials or more;",
    ],
  ])("states the confidence of intervals over %j", (values, stated) => {
    const text = rendered(
      resultsOf(values.flatMap((some, index) => trialsOf(`v${index}`, "x", some))),
    );
    expect(text.replaceAll("\n", " ")).toContain(stated);
  });

  it("sets the floor apart, as the last row of each table", () => {
    const results = resultsOf(
      ["tcp", "sse", "websocket"].flatMap((name, index) =>
        trialsOf(name, "x", [index, index, index], { headline: true }),
      ),
    );
    for (const variant of results.variants) variant.reference = variant.name === "tcp";
    expect(rendered(results)).toMatchSnapshot();
  });

  const longest =
    "sse:eventsource@3599999ms+logMessages=9999999+logBytes=1073741823B+heartbeat=3599999ms";

  it.each([
    ["usual results", trials],
    ["long variant names", trialsOf(longest, "x", [1, 2, 3], { headline: true, note: longest })],
    [
      "forty variants",
      Array.from({ length: 40 }, (_, index) =>
        trialOf(`short-polling@${index + 1}ms+logMessages=${1_000_000 + index}`, {
          figures: figures(index + 1),
        }),
      ),
    ],
    [
      "thirty columns",
      ["sse", longest].map((name) =>
        trialOf(name, {
          figures: Array.from({ length: 30 }, (_, index) =>
            figureOf(`x${index}`, 123_456 + index, { label: `column ${index}`, unit: "count" }),
          ),
        }),
      ),
    ],
    ["a name without a place to break it", trialsOf("x".repeat(150), "x", [1], { headline: true })],
    ["a long word for a figure", trialsOf("sse", "x", ["y".repeat(150)], { unit: "text" })],
    ["a label that is too long", trialsOf("sse", "x", [1], { label: "z".repeat(150) })],
    [
      "a reason that is too long",
      [
        trialOf("sse", {
          outcome: { status: "failed", by: "server", reason: "w".repeat(250), stderr: "" },
        }),
      ],
    ],
  ])("is never wider than 100 columns: %s", (_name, given) => {
    expect(tooWide(rendered(resultsOf(given)))).toEqual([]);
  });

  it("shows every one of forty variants", () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      trialsOf(`v${index}`, "x", [index]),
    ).flat();
    const text = rendered(resultsOf(many));
    for (const { variant } of many) expect(text).toMatch(new RegExp(`│ ${variant}\\s*│`));
  });

  describe("of several runs", () => {
    const of = (label: string, factor: number, change: Partial<Results> = {}) => {
      const all = ["tcp", "sse", "websocket"].flatMap((name, index) =>
        trialsOf(
          name,
          "x",
          [1, 2, 3].map((value) => value + factor * 10 ** index),
          {
            headline: true,
          },
        ),
      );
      const results = resultsOf(all, change);
      for (const variant of results.variants) variant.reference = variant.name === "tcp";
      return { label, results };
    };
    const host = { ...environment.host, kernel: "6.2.0", loadBefore: 3 };
    const later = of("after", 2, { environment: { ...environment, host } });

    it("has them side by side, with what differs around them", () => {
      const text = terminal.render([of("before", 1), later], { colour: false });
      expect(text).toMatchSnapshot();
    });

    it("names the pair where there are more than two", () => {
      const runs = [of("before", 1), later, of("again", 1)];
      const text = terminal.render(runs, { colour: false });
      expect(text.match(/^.* beside before:$/gm)).toEqual([
        "after beside before:",
        "again beside before:",
      ]);
      expect(tooWide(text)).toEqual([]);
    });

    it("is never too wide, whatever the runs are called", () => {
      const runs = ["x", "y"].map((letter) => of(`${letter.repeat(150)}\u001B[2J`, 1));
      const text = terminal.render(runs, { colour: false });
      expect(tooWide(text)).toEqual([]);
      expect(text).not.toContain("\u001B");
    });

    it("says of each run what was made to go wrong, and that a part of it is missing", () => {
      const broken = of("after", 1);
      broken.results.run.fault = "{}";
      broken.results.run.status = "interrupted";
      const lines = terminal.render([of("before", 1), broken], { colour: false }).split("\n");
      expect(lines[0]).not.toContain("INTERRUPTED");
      expect(lines[3]).toMatch(/^after: .*INTERRUPTED/);
      expect(lines[4]).toMatch(/^FAULT MADE ON PURPOSE/);
    });
  });

  describe("of a file that means no good", () => {
    const bad = "\u001B[31m\u001B]0;title\u0007evil\r\u0008\u009B2J\n\nforged: line";

    const hostile = (): Results => {
      const results = resultsOf([
        trialOf(bad, {
          figures: [
            figureOf("x", 1, { label: bad, about: bad, note: bad, table: bad, headline: true }),
            figureOf("y", bad, { unit: "text", label: "y", headline: true }),
          ],
        }),
        trialOf("sse", {
          outcome: { status: "failed", by: "server", reason: bad, stderr: bad },
          warnings: [{ code: "lost", phase: bad, detail: bad }],
        }),
      ]);
      return {
        ...results,
        environment: {
          host: { ...environment.host, cpu: bad, kernel: bad, platform: bad },
          software: {
            ...environment.software,
            transportBench: bad,
            versions: { node: bad, [bad]: bad },
            nodeOptions: bad,
          },
        },
        scenarios: [{ name: "latency", summary: bad, workload: bad }],
      };
    };

    it("passes no control character on to the terminal", () => {
      // oxlint-disable-next-line no-control-regex
      expect(rendered(hostile()).match(/[^\P{Cc}\n]/gu)).toBeNull();
    });

    it("has no line that the report did not begin itself", () => {
      const text = rendered(hostile());
      expect(text.split("\n").filter((line) => line.startsWith("forged"))).toEqual([]);
      expect(tooWide(text)).toEqual([]);
    });

    it("has tables that are as wide at the bottom as at the top", () => {
      const lines = rendered(hostile()).split("\n");
      const widths = lines.filter((line) => /^[┌├└│]/.test(line)).map((line) => line.length);
      expect(widths.length).toBeGreaterThan(0);
      for (const [index, line] of lines.entries()) {
        if (line.startsWith("│")) expect(line.length).toBe(lines[index - 1]?.length);
      }
    });
  });
});

it("has variants below the base of their group, with what they add to it", () => {
  const text = rendered(variantResults());
  expect(text.slice(text.indexOf("┌"))).toMatchSnapshot();
});

it("has how many times the base's each figure is, where one was picked", () => {
  const text = terminal.render(onlyRun(variantResults()), { colour: false, base: "websocket@5s" });
  expect(text.slice(text.indexOf("┌"))).toMatchSnapshot();
});

it.each([60, 80, 100])("is no wider than %d columns where that is what there is", (width) => {
  const variants = ["sse", "websocket+deflate+heartbeat=30s+window=15", "short-polling@250ms"];
  const trials = variants.flatMap((variant, index) =>
    [1, 2, 3].map((repetition) => trialOf(variant, { repetition, figures: figures(index + 1) })),
  );
  const runs = ["before", "after the change"].map((label) => {
    const results = resultsOf(trials);
    const note = { key: "work", title: "other work", status: "limited" } as const;
    results.run.notes = [{ ...note, found: "x ".repeat(60), effect: "y", advice: null }];
    return { label, results };
  });
  const text = terminal.render(runs, { colour: false, width });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(width);
});
