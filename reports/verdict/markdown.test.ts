import { marked } from "marked";
import type { Token } from "marked";
import { describe, expect, it } from "vitest";
import {
  budgetOf,
  changeOf,
  comparisonOf,
  failedComparison,
  hostileComparison,
  mixedComparison,
  passingComparison,
} from "../../test/comparison-fixture.ts";
import { markdown } from "./markdown.ts";

describe("a comparison as Markdown", () => {
  it("has what changed first, and folds the rest", () => {
    const text = markdown.render(mixedComparison());
    expect(text).toMatchSnapshot();
    const [above = ""] = text.split("<details>");
    expect(above).toMatch(/bytesPerMessage .*\*\*regressed\*\*/);
    expect(above).not.toMatch(/\| +pass \|/);
  });

  it("is a few lines where nothing changed", () => {
    expect(markdown.render(passingComparison())).toMatchSnapshot();
  });

  it("names the problems where no conclusion is possible", () => {
    expect(markdown.render(failedComparison())).toMatchSnapshot();
  });

  it("gives each row of a table as many cells as its head", () => {
    for (const comparison of [mixedComparison(), hostileComparison()]) {
      const tables = tokensOf(markdown.render(comparison)).filter(
        (token) => token.type === "table",
      );
      expect(tables.length).toBeGreaterThan(3);
      const lines = markdown.render(comparison).split("\n");
      for (const row of lines.filter((line) => line.startsWith("| "))) {
        expect(row.replaceAll(String.raw`\|`, "").split("|").length).toBeOneOf([5, 6, 9]);
      }
    }
  });

  it("shows hostile texts, and does nothing of what they say", () => {
    const text = markdown.render(hostileComparison());
    const html = marked.parse(text, { async: false });
    expect(html).not.toMatch(/<script|<img|<a /);
    expect(html).toContain("&lt;script&gt;");
    // In a block of code nobody is called.
    expect(text.replaceAll(/^```[^]*?^```/gm, "")).not.toMatch(/@octocat|#1\b/);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202A-\u202E]/u);
  });

  it("stays below the length of a comment, however much has changed", () => {
    const many = Array.from({ length: 3_000 }, (_, index) =>
      changeOf({
        variant: `websocket+heartbeat=${index}ms`,
        metric: `metric-${"long".repeat(40)}`,
        verdict: (["regressed", "pass", "shown"] as const)[index % 3] ?? "pass",
        reason: `it costs ${index} bytes more, `.repeat(100),
      }),
    );
    const budgets = Array.from({ length: 500 }, (_, index) =>
      budgetOf({ budget: `loss == ${index}`.repeat(20), outcome: index % 2 ? "kept" : "exceeded" }),
    );
    const problems = Array.from({ length: 900 }, (_, index) => ({
      code: "missing-cell" as const,
      text: `cell ${index} is missing, `.repeat(200),
    }));
    const text = markdown.render(
      comparisonOf({ outcome: "failed", changes: many, budgets, problems }),
    );
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/^### ❌ bench check\n\n\*\*Failed:\*\* no conclusion is possible/);
    expect(text).toContain("`comparison.json` has all of it.");
  });
});

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(text), (token) => void tokens.push(token));
  return tokens;
}
