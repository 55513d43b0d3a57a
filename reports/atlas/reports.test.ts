import { describe, expect, it } from "vitest";
import { columnsOf } from "../../bench/text/wrapped.ts";
import {
  proxyOf,
  proxyResults,
  proxyTrial,
  usualProxyResults,
} from "../../test/proxies-fixture.ts";
import { markdown } from "../markdown.ts";
import { onlyRun } from "../run.ts";
import { terminal } from "../terminal.ts";

const hostile = proxyResults(
  [
    proxyTrial("sse+proxy=nginx", {
      found: { buffered: "| **b** `c` <img src=x> @all #1 \u001B[2J\u202E" },
      cured: { buffered: "X: </code><script>|`" },
    }),
  ],
  [proxyOf("nginx", "default", { program: "nginx 日本語\u001B[31m | <b>" })],
);

describe("the atlas in a terminal", () => {
  it("ends the scenario: a matrix, then words", () => {
    const text = terminal.render(onlyRun(usualProxyResults), { colour: false });
    expect(
      text.slice(text.indexOf("Clients speak"), text.indexOf("Below a figure")),
    ).toMatchSnapshot();
  });

  it.each([40, 80, 120])("keeps to %i columns, also with wide characters", (width) => {
    for (const results of [usualProxyResults, hostile]) {
      const lines = terminal.render(onlyRun(results), { colour: false, width }).split("\n");
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
    }
  });

  it("shows several runs each by itself", () => {
    const runs = ["then", "now"].map((label) => ({ label, results: usualProxyResults }));
    const text = terminal.render(runs, { colour: false });
    expect(text).toContain("then: clients speak HTTP/1.1 with the proxy");
    expect(text).toContain("now: clients speak HTTP/2 with the proxy");
  });
});

describe("the atlas in Markdown", () => {
  it("is the scenario's main table; figures are folded", () => {
    const text = markdown.render(onlyRun(usualProxyResults));
    expect(text).toContain("| nginx 1.22.1 | ✗ buffered +1    | ✗ refused    |");
    expect(text).toContain(
      "- SSE: events come together, 20 at once, after 4,096 B; <code>X-Accel-Buffering: no</code> cured it; so does <code>proxy_buffering off</code> in its configuration.",
    );
    expect(text).toContain("<summary>More of proxy: figures</summary>");
    expect(text).not.toContain("found.buffered");
  });

  it("lets nothing out of a cell or a word", () => {
    const text = markdown.render(onlyRun(hostile));
    expect(text).not.toMatch(/(?<!\\)<(?:script|img|b>)/);
    expect(text).toContain(String.raw`| nginx 日本語\\u001b\[31m \| \<b\> |`);
  });
});
