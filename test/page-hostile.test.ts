import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Results, Trial } from "../bench/results/schema.ts";
import { html } from "../reports/html.tsx";
import { startChromium } from "../tools/self/chromium.ts";
import { OpenPage, systemChromium } from "./chromium.ts";
import { websocket } from "./cost-fixture.ts";
import { pageOf, pageResults, pageWithoutPicturesOf, usualVariants } from "./page-fixture.ts";
import { isMissing } from "./requirements.ts";

/** Everything that ever got out of an element, an attribute, a script or a line. */
const attack = [
  "</script><script>window.pwned=1</script>",
  '<img src="http://127.0.0.1:9/x" onerror="window.pwned=1">',
  "<svg onload=window.pwned=1><style>*{display:none}</style>",
  `"'\` onfocus=window.pwned=1 autofocus x="`,
  "javascript:window.pwned=1",
  "</style></title></textarea></pre>--><!--<script>",
  "&lt;&quot;&#0;\u0000\u001B[31m\u2028\u2029\u202E\u2066",
].join(" ");

/** What the code itself reads: to attack it is to make another file, not a hostile one. */
const meaningful: ReadonlySet<string> = new Set([
  "format",
  "status",
  "startedAt",
  "finishedAt",
  "profile",
  "delivery",
  "unit",
  "better",
  "bound",
  "code",
  "process",
  "encoded",
  "key",
]);

function hostile(results: Results): Results {
  return JSON.parse(JSON.stringify(results), (key, value: unknown) =>
    typeof value === "string" && !meaningful.has(key) ? `${value} ${attack}` : value,
  );
}

describe.skipIf(isMissing(systemChromium))("a page from anybody's results", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  it.each([true, false])(
    "runs nothing that an attacker wrote, with pictures or not",
    async (drawn) => {
      const results = hostile(pageResults());
      const runs = ["then", "now"].map((label) => ({ label: label + attack, results }));
      const text = await (drawn ? pageOf(results) : html.render(runs, { draw: async () => null }));
      await using open = await OpenPage.of(browser, text);
      const { page } = open;
      // Whatever can be pressed is pressed.
      for (const pressed of ["button:visible", "summary"]) {
        await page.locator(pressed).evaluateAll((all) => {
          for (const one of all) if (one instanceof HTMLElement) one.click();
        });
      }
      expect(await page.evaluate(() => "pwned" in window)).toBe(false);
      expect(open.problems).toEqual([]);
      expect(open.requests).toEqual([]);
      expect(await page.locator("script").count()).toBe(2);
      expect(await page.locator("img:not([src^='data:image/png;base64,'])").count()).toBe(0);
      expect(await page.locator("a:not([href^='#'])").count()).toBe(0);
      const handlers = await page
        .locator("*")
        .evaluateAll((all) =>
          all.flatMap((one) =>
            [...one.attributes].map(({ name }) => name).filter((name) => /^on|^style$/.test(name)),
          ),
        );
      // Chart.js sizes its canvases.
      expect(handlers.filter((name) => name !== "style")).toEqual([]);
      expect(await page.locator("h1").textContent()).toContain("</script>");
      expect(await page.locator("body").textContent()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    },
  );

  it("would not let it run, or load, if it had got into the page", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await using open = await OpenPage.of(browser, await pageOf(pageResults()));
    await open.page.evaluate(
      (attack) => {
        const place = document.createElement("div");
        place.innerHTML = attack;
        document.body.append(place);
        const script = document.createElement("script");
        script.textContent = "window.pwned = 1";
        document.body.append(script);
      },
      attack.replace("127.0.0.1:9", `127.0.0.1:${port}`),
    );
    // The picture, its handler, the style and the script.
    await expect.poll(() => open.problems.length, patient).toBeGreaterThan(3);
    expect(open.problems.filter((text) => !text.includes("Content Security Policy"))).toEqual([]);
    expect(await open.page.evaluate(() => "pwned" in window)).toBe(false);
    expect(connections).toBe(0);
    server.close();
  });

  it("shows names of ten thousand characters short, and apart", async () => {
    const long = "x".repeat(10_000);
    const variants = usualVariants.map((one, index) => ({ ...one, name: `${long}${index}` }));
    await using open = await OpenPage.of(
      browser,
      await pageWithoutPicturesOf(pageResults(variants)),
      narrow,
    );
    expect(await overflowOf(open.page)).toBe(0);
    const names = await open.page.locator("#overview ~ .scroll tbody th bdi").allTextContents();
    expect(new Set(names).size).toBe(5);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThan(150);
    expect(open.problems).toEqual([]);
  });

  it("holds a single cell", async () => {
    const all = pageResults([websocket]);
    const one = (of: { scenario: string }): boolean => of.scenario === "latency";
    const results: Results = {
      ...all,
      scenarios: all.scenarios.slice(0, 1),
      cells: all.cells.filter(one),
      trials: all.trials.filter(one).slice(0, 1),
    };
    await using open = await OpenPage.of(browser, await pageWithoutPicturesOf(results), narrow);
    expect(await open.page.locator("h1").textContent()).toBe("What does websocket cost?");
    expect(await open.page.locator("#cost ~ #calculator").textContent()).toContain("n/a");
    expect(await overflowOf(open.page)).toBe(0);
    expect(open.problems).toEqual([]);
  });

  it("holds forty variants", async () => {
    const variants = Array.from({ length: 40 }, (_, index) => ({
      ...(usualVariants[index % 4] ?? websocket),
      name: `websocket+deflate+option=${index}`,
    }));
    await using open = await OpenPage.of(
      browser,
      await pageWithoutPicturesOf(pageResults(variants)),
      narrow,
    );
    expect(await open.page.locator("h1").textContent()).toBe("What do 40 variants cost?");
    expect(await open.page.locator("#overview ~ .scroll tbody tr").count()).toBe(40);
    expect(await overflowOf(open.page)).toBe(0);
    expect(open.problems).toEqual([]);
  });

  it("is true where every trial failed", async () => {
    const results = pageResults();
    const trials = results.trials.map((trial): Trial =>
      Object.assign({}, trial, {
        phases: [],
        figures: [],
        warnings: [],
        outcome: {
          status: "failed",
          by: "server",
          reason: "the server ended with code 134",
          stderr: "heap",
        },
      }),
    );
    await using open = await OpenPage.of(
      browser,
      await pageWithoutPicturesOf({ ...results, trials }),
      narrow,
    );
    const { page } = open;
    expect(await page.locator("main > section").first().textContent()).toContain("No findings");
    expect(await page.locator("#warnings ~ p").textContent()).toBe(
      `${trials.length} trials were played: ${trials.length} failed. What isn’t valid is kept and shown, and left out of every figure.`,
    );
    expect(await page.locator("td.best").count()).toBe(0);
    expect(await page.locator("canvas").count()).toBe(0);
    expect(await overflowOf(page)).toBe(0);
    expect(open.problems).toEqual([]);
  });

  it("shows in brackets what invalid trials had, where none is valid", async () => {
    const results = pageResults();
    const trials = results.trials.map((trial): Trial =>
      Object.assign({}, trial, {
        outcome: { status: "invalid" },
        warnings: [{ code: "steal", phase: "steady", detail: "3 %" }],
      }),
    );
    await using open = await OpenPage.of(
      browser,
      await pageWithoutPicturesOf({ ...results, trials }),
    );
    const first = open.page.locator("#overview ~ .scroll tbody td").first();
    expect(await first.textContent()).toMatch(/^\(1\.0\d\)/);
    expect(await open.page.locator("td.best").count()).toBe(0);
    expect(open.problems).toEqual([]);
  });
});

/** As long as a busy machine may take. */
const patient = { timeout: 60_000 };

const narrow = { viewport: { width: 360, height: 900 } };

function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
