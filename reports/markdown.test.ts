import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { environment, figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { markdown } from "./markdown.ts";
import { variantResults } from "../test/variants-fixture.ts";
import { onlyRun } from "./run.ts";

function rendered(results: Results): string {
  return markdown.render(onlyRun(results));
}

function htmlOf(text: string): string {
  return marked.parse(text, { async: false, gfm: true });
}

/** The elements of HTML, each once, with whatever attributes they have. */
function elementsIn(html: string): string[] {
  const tags = html.replaceAll("<!-- -->", "").match(/<[a-z][^>]*>/gi) ?? [];
  return [...new Set(tags)].toSorted();
}

/** Lines of the same table that aren't equally long. */
function ragged(text: string): string[] {
  const lines = text.split("\n");
  return lines.filter((line, index) => {
    const before = lines[index - 1] ?? "";
    return line.startsWith("|") && before.startsWith("|") && line.length !== before.length;
  });
}

const figures = (factor: number): Figure[] => [
  figureOf("p50", factor * 1e6, { unit: "ns", label: "p50", headline: true }),
  figureOf("held", 400 * factor, {
    unit: "count",
    better: "higher",
    label: "clients\nheld",
    bound: "at least",
    headline: true,
    note: "nothing stopped it before --max-connections",
  }),
  figureOf("stopped", "--max-connections", { unit: "text", better: "neither", label: "by" }),
  figureOf("idle", null, { label: "idle\nB/min", about: "scaled", note: "one cycle takes 25 s" }),
  figureOf("cpu.server", 12.5 * factor, { table: "CPU time", unit: "ms", label: "server" }),
];

const late = { code: "late-publisher", phase: "steady", detail: "late" } as const;
const invalid = { outcome: { status: "invalid" }, warnings: [late] } as const;

const trials: readonly Trial[] = [
  ...[1, 1.1, 1.2].map((factor, index) =>
    trialOf("tcp", { repetition: index + 1, figures: figures(factor / 2) }),
  ),
  ...[1, 1.1, 1.2].map((factor, index) =>
    trialOf("sse", { repetition: index + 1, figures: figures(factor) }),
  ),
  ...[2, 2.1, 2.2].map((factor, index) =>
    trialOf("short-polling@250ms", {
      repetition: index + 1,
      figures: figures(factor),
      ...(index === 2 && { outcome: invalid.outcome, warnings: [late] }),
    }),
  ),
  trialOf("websocket", { figures: figures(3), outcome: invalid.outcome, warnings: [late] }),
];

function usual(): Results {
  const results = resultsOf(trials);
  for (const variant of results.variants) variant.reference = variant.name === "tcp";
  return results;
}

/** Forty variants in four scenarios. */
function large(): Results {
  const scenarios = ["latency", "echo", "overhead", "connections"];
  const many = scenarios.flatMap((scenario) =>
    Array.from(
      { length: 40 },
      (_, index) => `short-polling@${index}ms+logMessages=1000000`,
    ).flatMap((variant, index) =>
      trialOf(variant, {
        scenario,
        figures: [...figures(index + 1), ...figures(index).map(further)],
        outcome:
          index % 3 === 0
            ? { status: "failed", by: "server", reason: "it died", stderr: "" }
            : { status: "valid" },
      }),
    ),
  );
  const results = resultsOf(many);
  const [cell] = results.cells;
  if (cell === undefined) throw new Error("there are trials");
  return {
    ...results,
    scenarios: scenarios.map((name) => ({ name, summary: "?", workload: "w" })),
    cells: many.map(({ variant, scenario }) => Object.assign({}, cell, { variant, scenario })),
  };
}

function further(figure: Figure): Figure {
  return { ...figure, key: `${figure.key}.further`, table: "further", headline: false };
}

describe("the Markdown report", () => {
  it("reads well", () => {
    expect(rendered(usual())).toMatchSnapshot();
  });

  it("has tables that are aligned in the raw text, too", () => {
    const text = rendered(usual());
    expect(text).toContain("\n| tcp (floor)");
    expect(ragged(text)).toEqual([]);
  });

  it("is made of headings, lists, tables and what folds", () => {
    expect(elementsIn(htmlOf(rendered(usual())))).toEqual([
      '<code class="language-sh">',
      "<details>",
      "<h2>",
      "<h3>",
      "<li>",
      "<ol>",
      "<p>",
      "<pre>",
      "<strong>",
      "<summary>",
      "<table>",
      "<tbody>",
      '<td align="left">',
      '<td align="right">',
      '<th align="left">',
      '<th align="right">',
      "<thead>",
      "<tr>",
      "<ul>",
    ]);
  });

  it("says first what was found, and how much of it doesn't count", () => {
    const lines = rendered(usual()).split("\n");
    expect(lines[0]).toBe("## transport-bench 0.1.0");
    expect(lines.slice(4, 8)).toEqual([
      "- Latency, p50 is lowest with sse: 1.10 ms; 2.05 ms with short-polling@250ms (1.9 times that); the floor, the least that machine and harness need, is 0.550 ms with tcp.",
      "- Latency, clients held is at least 440 with sse and at least 820 with short-polling@250ms.",
      "- 2 of 10 trials don't count: see the warnings below.",
      "",
    ]);
  });

  it("shows in brackets what invalid trials had where no trial counts, and says why", () => {
    const text = rendered(usual());
    expect(text).toMatch(/\| websocket +\| 0 of 1 valid +\| +\(3\.00\) \[\d\] \|/);
    expect(text).toMatch(
      /no valid trial: messages sent late; in brackets, the figures of the invalid ones/,
    );
    expect(text).not.toContain("**3.00**");
  });

  it("says at its top that a part is missing, and what was made to go wrong", () => {
    const results = usual();
    results.run.status = "interrupted";
    results.run.fault = '{"kind":"drop"}';
    const [head, , fault] = rendered(results).split("\n");
    expect(head).toBe("## transport-bench 0.1.0 - INTERRUPTED: part of it is missing");
    expect(fault).toMatch(/^\*\*FAULT MADE ON PURPOSE: \{"kind":"drop"\}/);
  });

  it("shows results without any trial", () => {
    const text = rendered(resultsOf([]));
    expect(text).toContain("### latency: How late?");
    expect(ragged(text)).toEqual([]);
  });

  it("has several runs side by side, with what differs around them", () => {
    const before = usual();
    const host = { ...environment.host, kernel: "6.2.0" };
    const after = { ...usual(), environment: { ...environment, host } };
    const text = markdown.render([
      { label: "before", results: before },
      { label: "after", results: after },
    ]);
    expect(text).toMatch(/^## transport-bench: several runs\n\n\*\*before\*\*: .*, started 2026/);
    expect(text).toContain(
      "between before and after: 1 in the environment, 0 in the configuration",
    );
    expect(text).toMatch(/\| host\.kernel +\| 6\.1\.0 +\| 6\.2\.0 +\|/);
    expect(text).toMatch(/\| sse +\| before +\| 3 .*\n\| sse +\| after +\|/);
    expect(text).toContain("**after** again:");
    expect(ragged(text)).toEqual([]);
  });
});

describe("a Markdown report that would be too long", () => {
  it("leaves out whole sections, details first, and says which and where they are", () => {
    const runs = ["one", "two", "three"].map((label) => ({ label, results: large() }));
    for (const given of [onlyRun(large()), runs.slice(0, 2), runs]) {
      const text = markdown.render(given);
      expect(text.length).toBeLessThan(65_000);
      expect(text.length).toBeGreaterThan(20_000);
      expect(text.split("\n").at(-1)).toMatch(
        /^Left out, .*: .*further tables of .*; .*`npx transport-bench report RESULTS --format terminal`/,
      );
      expect(text).toContain("### All variants");
      expect(text).toContain("npx bench run --seed 7");
      expect(ragged(text)).toEqual([]);
      expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
    }
  });

  it.each([1_000, 100_000, 3_000_000])("stays short with texts of %i characters", (length) => {
    const text = (sign: string): string => sign.repeat(length);
    const results = resultsOf([
      ...trialsOf(text("v"), "x", [1], { label: text("l"), note: text("n"), headline: true }),
      trialOf(text("w"), {
        outcome: { status: "failed", by: "server", reason: text("|"), stderr: text("#") },
        figures: [figureOf("y", text("y"), { unit: "text", table: text("t") })],
      }),
    ]);
    results.run.command = text("c");
    results.environment = {
      ...environment,
      host: { ...environment.host, cpu: text("@a"), kernel: text("k") },
    };
    const shown = markdown.render([
      { label: text("r"), results },
      { label: "s", results },
    ]);
    expect(shown.length).toBeLessThan(65_000);
    expect(shown).toContain("### All variants");
  });

  it("stays short with a hundred runs", () => {
    const runs = Array.from({ length: 100 }, (_, index) => ({
      label: `run ${index}`,
      results: usual(),
    }));
    const text = markdown.render(runs);
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/^Left out, .*\d+ more/m);
  });
});

describe("a Markdown report of a file that means no good", () => {
  const signs = [
    "<img src=x onerror=alert(1)>",
    "</summary></details><script>x</script>",
    "[a](https://evil.example) ![b](https://evil.example/b.png) https://evil.example",
    "@somebody fixes #1 and GH-2",
    "\n\n# forged\n\n| a | b |\n|---|---|\n",
    "`````\n# forged",
    "[1]: https://evil.example",
  ];

  it.each(signs)("shows %j, and does nothing of it", (bad) => {
    const results = resultsOf([
      trialOf(bad, {
        figures: [
          figureOf("x", 1, { label: bad, about: bad, note: bad, headline: true }),
          figureOf("y", bad, { unit: "text", label: bad, table: bad, about: bad }),
        ],
      }),
      trialOf("sse", {
        outcome: { status: "failed", by: "server", reason: bad, stderr: bad },
        warnings: [{ code: "lost", phase: bad, detail: bad }],
      }),
    ]);
    results.run.command = bad;
    results.run.fault = bad;
    results.run.startedAt = bad;
    results.scenarios = [{ name: "latency", summary: bad, workload: bad }];
    results.environment = {
      host: { ...environment.host, cpu: bad, kernel: bad, platform: bad },
      software: {
        ...environment.software,
        transportBench: bad,
        versions: { node: bad, [bad]: bad },
        nodeOptions: bad,
      },
    };
    const text = markdown.render([
      { label: bad, results },
      { label: "other", results: usual() },
    ]);
    const html = htmlOf(text);
    const known = elementsIn(htmlOf(rendered(usual())));
    expect(elementsIn(html).filter((element) => !known.includes(element))).toEqual([]);
    const outsideCode = text.replaceAll(/^(`{3,})sh\n.*\n\1$/gm, "");
    expect(outsideCode).not.toMatch(/(?<!\w)@somebody|#1|GH-2|https:\/\/evil|^\s*#+ forged/m);
    expect(ragged(text)).toEqual([]);
  });
});

it("has how many times the base's each figure is, behind it", () => {
  const text = markdown.render(onlyRun(variantResults()), { base: "websocket" });
  expect(text).toMatch(/\| websocket \(base\) +\| +\*\*1\.10\*\* \(1\.00–1\.20\) \|/);
  expect(text).toMatch(
    /\| └ \+tls +\| 3 +\| +26\.0 \(6\.50×, ±0\) \| +3\.10 \(2\.82×, [\d.]+–[\d.]+\) \|/,
  );
});
