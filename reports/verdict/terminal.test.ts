import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import {
  budgetOf,
  comparisonOf,
  failedComparison,
  hostileComparison,
  mixedComparison,
  passingComparison,
  sideOf,
  timingOf,
} from "../../test/comparison-fixture.ts";
import { terminal } from "./terminal.ts";

const plain = { colour: false };

describe("a comparison in the terminal", () => {
  it("says the outcome in its first line, then what changed, and what passed in a line", () => {
    expect(terminal.render(mixedComparison(), plain)).toMatchSnapshot();
  });

  it("is short where nothing changed", () => {
    const text = terminal.render(passingComparison(), plain);
    expect(text).toMatchSnapshot();
    expect(text.split("\n").length).toBeLessThan(20);
  });

  it("shows of a budget that is kept everywhere the place with the least left of it", () => {
    const kept = [4, 19, 11].map((level) =>
      budgetOf({
        budget: "bytesPerMessage <= 20",
        unit: "bytes",
        limit: 20,
        value: sideOf(level),
      }),
    );
    const text = terminal.render(comparisonOf({ budgets: kept }), plain);
    expect(text.match(/bytesPerMessage <= 20│.*│\s+19.B│\s+kept│/g)).toHaveLength(1);
    expect(text).toContain("and 2 more");
  });

  it("names the problems where no conclusion is possible", () => {
    expect(terminal.render(failedComparison(), plain)).toMatchSnapshot();
  });

  it("never says that a timing has no regression, but how small a one would have been detected", () => {
    const text = terminal.render(
      comparisonOf({ changes: [timingOf({ detectable: 0.0812 })] }),
      plain,
    );
    expect(text).toMatch(/^PASS {2}bench check: no regression of 8\.2 % or more in timing$/m);
    expect(text).toMatch(/^A worsening of 8\.2 % or more in p50 would have been detected in four/m);
    expect(text).not.toMatch(/no regression(?! of [\d.]+ % or more)/);
  });

  it("is not obeyed by a terminal, whatever its texts are, and no wider than usual", () => {
    const text = terminal.render(hostileComparison(), plain);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202A-\u202E]/u);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("tells nothing by colour alone", () => {
    const coloured = terminal.render(mixedComparison(), { colour: true });
    expect(coloured).toMatch(/^\u001B\[31mREGRESSED\u001B\[39m /);
    expect(stripVTControlCharacters(coloured)).toBe(terminal.render(mixedComparison(), plain));
  });
});
