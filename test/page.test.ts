import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "../tools/self/chromium.ts";
import { OpenPage, systemChromium } from "./chromium.ts";
import { html } from "../reports/html.tsx";
import { onlyRun } from "../reports/run.ts";
import { pageOf, pageResults, pageWithoutPicturesOf } from "./page-fixture.ts";
import { isMissing } from "./requirements.ts";
import { variantResults } from "./variants-fixture.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(isMissing(systemChromium))("the page, opened from disk in Chromium", () => {
  let browser: Browser;
  let usual: string;

  beforeAll(async () => {
    browser = await startChromium();
    usual = await pageOf(pageResults());
  });
  afterAll(() => browser.close());

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    it("draws every chart, and asks for nothing", async () => {
      await using open = await OpenPage.of(browser, usual, { colorScheme });
      expect(await inkOf(open.page)).toEqual(
        Array.from({ length: 8 }, () => expect.toSatisfy((share: number) => share > 0.005)),
      );
      expect(await open.page.locator("figure img").first().isVisible()).toBe(false);
      expect(open.problems).toEqual([]);
      expect(open.requests).toEqual([]);
    });

    it("has nothing that axe-core calls serious", async () => {
      await using open = await OpenPage.of(browser, usual, { colorScheme });
      // All else is the same in any colours.
      expect(await seriousIn(open.page, colorScheme === "dark" ? ["color-contrast"] : [])).toEqual(
        [],
      );
    });
  });

  it("draws its charts again when the reader changes to dark colours", async () => {
    await using open = await OpenPage.of(browser, usual, { colorScheme: "light" });
    const figure = open.page.locator("figure").first();
    const before = await pictureOf(figure);
    await open.page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(async () => (await pictureOf(figure)) === before, patient).toBe(false);
  });

  it.each([360, 1_920, 3_840])("doesn't scroll sideways at %i px", async (width) => {
    await using open = await OpenPage.of(browser, usual, { viewport: { width, height: 900 } });
    expect(await overflowOf(open.page)).toBe(0);
  });

  it("has every column of the overview within reach at 360 px, beside the names of its rows", async () => {
    await using open = await OpenPage.of(browser, usual, { viewport: { width: 360, height: 640 } });
    const last = open.page.locator("#overview ~ .scroll tbody tr").first().locator("td").last();
    await last.scrollIntoViewIfNeeded();
    const [box, name] = [
      await last.boundingBox(),
      await open.page.locator("#overview ~ .scroll tbody th bdi").first().boundingBox(),
    ];
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(360);
    expect((name?.x ?? 999) + (name?.width ?? 999)).toBeLessThanOrEqual(box?.x ?? 0);
  });

  it("sorts by a column, with the floor last", async () => {
    await using open = await OpenPage.of(browser, usual);
    const table = open.page.locator("#overview ~ .scroll table");
    const head = table.locator("thead th", { hasText: "delivery.p50" });
    const order = () => table.locator("tbody th bdi").allTextContents();
    await head.getByRole("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await order()).toEqual(["websocket", "sse", "short-polling", "long-polling", "tcp"]);
    await head.getByRole("button").press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await order()).toEqual(["long-polling", "short-polling", "sse", "websocket", "tcp"]);
  });

  it("takes a series away and brings it back, by keyboard", async () => {
    await using open = await OpenPage.of(browser, usual);
    const figure = open.page.locator("figure").first();
    const button = figure.getByRole("button", { name: "websocket" });
    const picture = () => pictureOf(figure);
    const before = await picture();
    await button.press("Space");
    expect(await button.getAttribute("aria-pressed")).toBe("false");
    expect((await picture()) === before).toBe(false);
    await button.press("Space");
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    expect((await picture()) === before).toBe(true);
  });

  it("lets the keyboard reach everything that can be used", async () => {
    await using open = await OpenPage.of(browser, usual);
    const usable = await open.page
      .locator("a[href], button, input, select, summary, [tabindex='0']")
      .evaluateAll(
        (all) => all.filter((one) => one.checkVisibility({ visibilityProperty: true })).length,
      );
    const reached = await open.page.evaluateHandle(() => {
      const elements = new Set<EventTarget | null>();
      document.addEventListener("focusin", ({ target }) => elements.add(target));
      return elements;
    });
    for (let presses = 0; presses < usable; presses += 1) await open.page.keyboard.press("Tab");
    expect(await reached.evaluate(({ size }) => size)).toBe(usable);
  });

  describe("of variants of the same transport", () => {
    let page: string;
    beforeAll(async () => {
      page = await pageWithoutPicturesOf(variantResults());
    });

    const bodyOf = ({ page }: OpenPage): Promise<string> =>
      page.locator("#overview ~ .scroll tbody").innerHTML();

    it("shows all against the base that is picked, as the server would have, and keeps it in its address", async () => {
      await using open = await OpenPage.of(browser, page);
      const before = await bodyOf(open);
      const picker = open.page.getByLabel("Compare with");
      await picker.selectOption("websocket@5s");
      expect(new URL(open.page.url()).hash).toBe("#base=websocket%405s");
      const shown = await tableText(open.page);
      expect(shown).toContain("websocket 1.10* 1.00× 0.693–1.44");
      expect(shown).toContain("@5s base 1.10* 1.05–1.30");
      expect(await open.page.locator("#base-legend").textContent()).toContain("websocket@5s");
      await picker.selectOption("");
      expect(await bodyOf(open)).toBe(before);
      const rendered = await html.render(onlyRun(variantResults()), {
        draw: async () => null,
        base: "websocket@5s",
      });
      await using based = await OpenPage.of(browser, rendered, { javaScriptEnabled: false });
      expect(await tableText(based.page)).toBe(shown);
    });

    it("follows its address, also when that changes, and ignores a base that there isn't", async () => {
      await using open = await OpenPage.of(browser, page);
      const picked = () => open.page.locator("select#base").inputValue();
      for (const [hash, base] of [
        ["#base=sse%2Bh2", "sse+h2"],
        ["#base=nope", "sse+h2"],
        ["#overview", "sse+h2"],
        ["#base=", ""],
      ] as const) {
        await open.page.evaluate((to) => (location.hash = to), hash);
        await expect.poll(picked, patient).toBe(base);
      }
      expect(open.problems).toEqual([]);
    });

    it("is picked by keyboard, also where the table is sorted", async () => {
      await using open = await OpenPage.of(browser, page);
      await open.page
        .locator("#overview ~ .scroll thead th", { hasText: "p50" })
        .getByRole("button")
        .click();
      const first = open.page.locator("#overview ~ .scroll tbody tr").first();
      await open.page.getByLabel("Compare with").focus();
      await open.page.keyboard.press("ArrowDown");
      expect(await open.page.getByLabel("Compare with").inputValue()).toBe("websocket");
      expect(await first.textContent()).toContain("websocket base");
      // Out of its group, a variant has its whole name.
      expect(await open.page.locator("tr.branch .transport").first().isVisible()).toBe(true);
    });
  });

  it("computes costs as arithmetic does", async () => {
    await using open = await OpenPage.of(browser, usual);
    const { page } = open;
    const fill = (label: string, value: string) =>
      page.getByLabel(label, { exact: true }).fill(value);
    await fill("Clients", "1000");
    await fill("Messages per second to each client", "5");
    await fill("Payload of a message B", "100");
    await fill("Poll interval ms", "2000");
    await fill("Reconnects of each client per day", "0");
    await fill("Price of a GB", "0.1");
    // A frame of 2 bytes before each payload, and 2 bytes down and 6 up each 10 s to stay alive.
    const down = 1_000 * (5 * 102 + 0.2);
    const up = 1_000 * 0.6;
    const pushed = await costsOf(page, "websocket");
    expect(pushed["down"]).toBeCloseTo(down, -3);
    expect(pushed["up"]).toBeCloseTo(up, -3);
    expect(pushed["both ways"]).toBeCloseTo((down + up) * 30 * 86_400, -10);
    expect(pushed["cost"]).toBeCloseTo(((down * 30 * 86_400) / 1e9) * 0.1, 0);
    // Every 2 s a request of 80 bytes, and an answer of 190 with ten messages, each with 4 bytes before it.
    const polled = await costsOf(page, "short-polling");
    const found = 1_000 * (5 * 104 + 190 / 2);
    expect(polled["down"]).toBeCloseTo(found, -3);
    expect(polled["up"]).toBeCloseTo((1_000 * 80) / 2, -3);
    expect(polled["cost"]).toBeCloseTo(((found * 30 * 86_400) / 1e9) * 0.1, 0);
    await page.getByLabel("Billed").selectOption("both");
    const both = await costsOf(page, "websocket");
    expect(both["cost"]).toBeCloseTo((((down + up) * 30 * 86_400) / 1e9) * 0.1, 0);
    expect(await page.locator("#calculator tr", { hasText: "cheapest" }).count()).toBe(1);
  });

  it("marks in words what is beyond what was measured", async () => {
    await using open = await OpenPage.of(browser, usual);
    const calculator = open.page.locator("#calculator");
    const slider = open.page.getByLabel("Messages per second to each client, slider");
    await slider.focus();
    await slider.press("End");
    expect(await open.page.locator("#input-messagesPerSecond").inputValue()).toBe("1000");
    const text = await calculator.locator(".notes").textContent();
    expect(text).toMatch(
      /Extrapolated, down, up, both ways and cost: messages per second: 0–200 measured\./,
    );
    expect(await calculator.locator("td", { hasText: "extrapolated" }).count()).toBeGreaterThan(4);
  });

  it("says what a field takes, and keeps the last figures meanwhile", async () => {
    await using open = await OpenPage.of(browser, usual);
    const before = await costsOf(open.page, "websocket");
    await open.page.getByLabel("Clients", { exact: true }).fill("-3");
    const wrong = () => open.page.locator(".wrong").textContent();
    await expect.poll(wrong, patient).toContain("from 1 to");
    expect(await costsOf(open.page, "websocket")).toEqual(before);
  });

  it("has tables and pictures without JavaScript", async () => {
    await using open = await OpenPage.of(browser, usual, { javaScriptEnabled: false });
    const { page } = open;
    const widths = await page
      .locator("figure img")
      .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
    expect(widths).toEqual(Array.from({ length: 8 }, () => 1_520));
    expect(await page.locator("figure img").first().isVisible()).toBe(true);
    expect(await page.locator("canvas").first().isVisible()).toBe(false);
    expect(await page.locator("button:visible").count()).toBe(0);
    expect(await page.locator("table:visible").count()).toBeGreaterThan(5);
    expect(await page.locator("#cost ~ #calculator").textContent()).toContain("takes JavaScript");
  });

  it("prints pictures, and no controls", async () => {
    await using open = await OpenPage.of(browser, usual, { colorScheme: "dark" });
    const { page } = open;
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe("%PDF-");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("figure img").first().isVisible()).toBe(true);
    expect(await page.locator("figure canvas").first().isVisible()).toBe(false);
    expect(await page.locator("nav, .legend, [data-copy]").filter({ visible: true }).count()).toBe(
      0,
    );
    expect(
      await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
    ).toBe("rgb(255, 255, 255)");
  });

  it("gives the raw figures as a file", async () => {
    await using open = await OpenPage.of(browser, usual);
    const download = open.page.waitForEvent("download");
    await open.page.getByRole("button", { name: "Download figures.csv" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("figures.csv");
    expect(readFileSync(await file.path(), "utf8")).toMatch(/^run,scenario,table,variant,/);
  });

  it("has a section behind every link", async () => {
    await using open = await OpenPage.of(browser, usual);
    const missing = await open.page
      .locator("a[href]")
      .evaluateAll((all) =>
        all
          .map((one) => one.getAttribute("href") ?? "")
          .filter(
            (href) => !href.startsWith("#") || document.getElementById(href.slice(1)) === null,
          ),
      );
    expect(missing).toEqual([]);
  });
});

/** As long as a busy machine may take. */
const patient = { timeout: 60_000 };

/** Of each canvas, the share of pixels that something was drawn on. */
function inkOf(page: Page): Promise<number[]> {
  return page.locator("figure canvas").evaluateAll((all) =>
    all.map((one) => {
      const canvas = one as HTMLCanvasElement;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      const drawn = pixels?.filter((value, index) => index % 4 === 3 && value > 0).length ?? 0;
      return drawn / (canvas.width * canvas.height);
    }),
  );
}

function pictureOf(figure: Locator): Promise<string> {
  return figure.locator("canvas").evaluate((one) => (one as HTMLCanvasElement).toDataURL());
}

/** By these rules only; by all where none is named. */
async function seriousIn(page: Page, rules: readonly string[]): Promise<string[]> {
  await page.evaluate(axe);
  const options = JSON.stringify(rules.length === 0 ? {} : { runOnly: rules });
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}

function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** The row of a variant, by the first line of its columns' heads, in bytes where the second has them. */
async function costsOf(page: Page, variant: string): Promise<Record<string, number>> {
  const texts = await page.locator("#calculator table").evaluate((table, variant) => {
    const lines = (cell: Element | undefined) => (cell as HTMLElement).innerText.split("\n");
    const { rows } = table as HTMLTableElement;
    const row = [...rows].find((one) => one.querySelector("bdi")?.textContent === variant);
    return [...(rows[0]?.cells ?? [])].map((head, index) => ({
      head: lines(head),
      figure: lines(row?.cells[index])[0] ?? "",
    }));
  }, variant);
  const sizes: Record<string, number> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
  return Object.fromEntries(
    texts.map(({ head: [name = "", unit = ""], figure }) => {
      const value = Number(figure.replace("*", "").replaceAll(/\s/g, ""));
      return [name, value * (sizes[unit.split(/[/ ]/)[0] ?? ""] ?? 1)];
    }),
  );
}

/** The overview's figures, as they are read. */
async function tableText(page: Page): Promise<string> {
  const text = await page.locator("#overview ~ .scroll tbody").innerText();
  return text.replaceAll(/\s+/g, " ");
}
