import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageCommand } from "../../bench/files/package-files.ts";
import { hasChromium, startChromium } from "./chromium.ts";

const bench = packageCommand();

/**
 * Milliseconds from asking for the page of a results file to the last of its charts drawn, each time in a
 * context of its own; null where there is no Chromium.
 */
export async function pageTimes(results: string, times: number): Promise<number[] | null> {
  if (!hasChromium()) return null;
  const folder = mkdtempSync(join(tmpdir(), "transport-bench-"));
  const page = join(folder, "report.html");
  execFileSync(process.execPath, [bench, "report", results, "--format", "html", "--out", page]);
  const browser = await startChromium();
  try {
    const drawn: number[] = [];
    for (let turn = 0; turn < times; turn++) {
      const context = await browser.newContext();
      const tab = await context.newPage();
      await tab.goto(pathToFileURL(page).href);
      const mark = `performance.getEntriesByName("charts drawn")[0]?.startTime`;
      await tab.waitForFunction(`${mark} !== undefined`);
      drawn.push(Number(await tab.evaluate(mark)));
      await context.close();
    }
    return drawn;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}
