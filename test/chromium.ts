import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { chromiumPlaces, hasChromium } from "../bench/self/chromium.ts";
import { TemporaryFolder } from "./bench-process.ts";
import type { Requirement } from "./requirements.ts";

export const systemChromium: Requirement = {
  what: `Chromium (${chromiumPlaces.join(", ")})`,
  isMet: hasChromium,
};

/** A page as a reader has it, opened from disk, and all that went wrong or out of it. */
export class OpenPage implements AsyncDisposable {
  readonly #folder: TemporaryFolder;
  readonly page: Page;
  /** Whatever the console said, errors, and dialogs. */
  readonly problems: string[] = [];
  /** Whatever was asked for beside the page itself. */
  readonly requests: string[] = [];

  private constructor(folder: TemporaryFolder, page: Page) {
    this.#folder = folder;
    this.page = page;
  }

  static async of(
    browser: Browser,
    html: string,
    options: BrowserContextOptions = {},
  ): Promise<OpenPage> {
    const folder = new TemporaryFolder();
    const file = join(folder.path, "report.html");
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    const context = await browser.newContext({
      viewport: { width: 1_280, height: 900 },
      ...options,
    });
    const open = new OpenPage(folder, await context.newPage());
    open.page.on("console", (message) => open.problems.push(message.text()));
    open.page.on("pageerror", ({ message }) => open.problems.push(message));
    open.page.on("dialog", (dialog) => {
      open.problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    open.page.on("request", (request) => {
      const isOwn = request.url().split("#")[0] === url || request.url().startsWith("data:");
      if (!isOwn) open.requests.push(request.url());
    });
    await open.page.goto(url);
    if (options.javaScriptEnabled !== false) {
      await open.page.waitForFunction(
        () => performance.getEntriesByName("charts drawn").length > 0,
      );
    }
    return open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
    this.#folder[Symbol.dispose]();
  }
}
