import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Results } from "../bench/results/schema.ts";
import { atlasPage } from "../reports/atlas/page.tsx";
import { onlyRun } from "../reports/run.ts";
import { startChromium } from "../tools/self/chromium.ts";
import { OpenPage, systemChromium } from "./chromium.ts";
import { pageWithoutPicturesOf } from "./page-fixture.ts";
import { usualProxyResults } from "./proxies-fixture.ts";
import { isMissing } from "./requirements.ts";
import { resultsOf } from "./results-fixture.ts";

function pageOf(results: Results): string {
  return atlasPage.render(onlyRun(results));
}

describe("the atlas as a page", () => {
  it("is the same for the same results, and has no script", () => {
    const page = pageOf(usualProxyResults);
    expect(pageOf(structuredClone(usualProxyResults))).toBe(page);
    expect(page).not.toContain("<script");
  });

  it("shows configurations line by line, as they were written", () => {
    expect(pageOf(usualProxyResults)).toContain(
      "<code># default\nhttp {\n  server {}\n}</code></pre>",
    );
  });

  it("says what would fill it where there is nothing in it", () => {
    expect(pageOf(resultsOf([]))).toContain("run --scenarios proxy --proxies nginx");
  });
});

describe.skipIf(isMissing(systemChromium))("the atlas in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  const opened = (results: Results, reader: Parameters<typeof OpenPage.of>[2] = {}) =>
    OpenPage.of(browser, pageOf(results), reader);

  it("opens what was found behind a cell by keyboard, and comes back", async () => {
    await using open = await opened(usualProxyResults);
    const { page } = open;
    const cell = page.getByRole("link", { name: "default buffered +1 corrected passes" });
    await cell.press("Enter");
    const panel = page.getByRole("region", { name: "nginx 1.22.1: SSE", exact: true });
    expect(await panel.isVisible()).toBe(true);
    const text = await panel.textContent();
    for (const part of [
      "X-Accel-Buffering: no cured it; so does proxy_buffering off in its configuration",
      "held back",
      "proxy_buffering is on",
    ]) {
      expect(text).toContain(part);
    }
    expect(await panel.locator("a[href^='https://nginx.org/']").count()).toBe(1);
    await panel.getByRole("link", { name: "The configurations of" }).press("Enter");
    const configurations = page.getByRole("region", { name: "nginx 1.22.1", exact: true });
    expect(await configurations.locator("pre").count()).toBe(2);
    expect(await panel.isVisible()).toBe(false);
    await configurations.getByRole("link", { name: "Close" }).press("Enter");
    expect(await configurations.isVisible()).toBe(false);
    expect(open.requests).toEqual([]);
    expect(open.problems).toEqual([]);
  });

  it("is in the usual page, too, with all figures but the findings beside it", async () => {
    await using open = await OpenPage.of(browser, await pageWithoutPicturesOf(usualProxyResults));
    const { page } = open;
    await page.locator("a.cell").first().press("Enter");
    expect(await page.locator(".panel:target").isVisible()).toBe(true);
    expect(await page.locator("table.figures thead", { hasText: "held back" }).count()).toBe(1);
    expect(await page.locator("table.figures thead", { hasText: "found." }).count()).toBe(0);
    await page.locator(".panel:target .close").press("Enter");
    await page.getByLabel("Compare with").selectOption("sse+proxy=nginx");
    expect(open.problems).toEqual([]);
    expect(open.requests).toEqual([]);
  });

  it.each([400, 800, 1_400])("doesn't scroll sideways at %i px", async (width) => {
    await using open = await opened(usualProxyResults, { viewport: { width, height: 900 } });
    const overflow = () =>
      open.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBe(0);
    await open.page.locator("a.cell").first().press("Enter");
    expect(await overflow()).toBe(0);
  });

  it.each(["light", "dark"] as const)(
    "has nothing that axe-core calls serious in %s colours",
    async (colorScheme) => {
      const axe = readFileSync(
        createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
        "utf8",
      );
      await using open = await OpenPage.of(browser, pageOf(usualProxyResults), { colorScheme });
      await open.page.locator("a.cell").first().press("Enter");
      // The page's own policy lets no script in: this one comes by the debugger.
      const { violations } = await open.page.evaluate<AxeResults>(`${axe}; axe.run()`);
      expect(
        violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
      ).toEqual([]);
    },
  );

  it("runs nothing that a proxy, its configuration or its answers say, and links to nothing but the web", async () => {
    const attack =
      `</pre></style><script>window.pwned=1</script><img src="http://127.0.0.1:9/x" onerror=x> ` +
      `javascript:window.pwned=1 https://evil.example/"onmouseover="window.pwned=1 \u202E\u0000`;
    const hostile: Results = JSON.parse(JSON.stringify(usualProxyResults), (key, value: unknown) =>
      typeof value === "string" &&
      ["value", "note", "text", "says", "source", "setting", "about", "program", "title"].includes(
        key,
      )
        ? `${value} ${attack}`
        : value,
    );
    await using open = await opened(hostile);
    const { page } = open;
    expect(await page.locator("script, img").count()).toBe(0);
    const links = await page
      .locator("a")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
    expect(links.filter((href) => !/^(#[\w-]+|https:\/\/[^"\s]+)$/.test(href))).toEqual([]);
    const handlers = await page
      .locator("*")
      .evaluateAll((all) =>
        all.flatMap((one) =>
          [...one.attributes].map(({ name }) => name).filter((name) => /^on|^style$/.test(name)),
        ),
      );
    expect(handlers).toEqual([]);
    expect(open.requests).toEqual([]);
  });
});
