import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromiumPlaces, hasChromium } from "../tools/self/chromium.ts";
import { TemporaryFolder } from "./bench-process.ts";
import type { Requirement } from "./requirements.ts";

export const systemChromium: Requirement = {
  what: `Chromium (${chromiumPlaces.join(", ")})`,
  isMet: hasChromium,
};

const usualViewport = { width: 1_280, height: 900 };

/** What a reader's browser is like. */
export interface Reader {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
}

/** Of each browser the one tab in which page after page is opened: a new one takes longer than most tests. */
const tabs = new WeakMap<Browser, Promise<Page>>();

function tabOf(browser: Browser, { javaScriptEnabled = true }: Reader): Promise<Page> {
  if (!javaScriptEnabled) return browser.newPage({ javaScriptEnabled });
  const tab = tabs.get(browser) ?? browser.newPage();
  tabs.set(browser, tab);
  return tab;
}

/** A page as a reader has it, opened from disk, and all that went wrong or out of it. One at a time. */
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

  static async of(browser: Browser, html: string, reader: Reader = {}): Promise<OpenPage> {
    const folder = new TemporaryFolder();
    const file = join(folder.path, "report.html");
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    const open = new OpenPage(folder, await tabOf(browser, reader));
    const { viewport = usualViewport, colorScheme = "light" } = reader;
    await open.page.setViewportSize(viewport);
    await open.page.emulateMedia({ media: null, colorScheme });
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
    if (reader.javaScriptEnabled !== false && html.includes("<script>")) {
      await open.page.waitForFunction(
        () => performance.getEntriesByName("charts drawn").length > 0,
      );
    }
    return open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // First away from it, so that whatever it does to the last counts as its own.
    await this.page.goto("about:blank");
    for (const event of ["console", "pageerror", "dialog", "request"]) {
      this.page.removeAllListeners(event);
    }
    this.#folder[Symbol.dispose]();
  }
}
