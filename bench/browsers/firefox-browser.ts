import type { Browser, Page } from "puppeteer-core";
import type { BrowserPlace, OpenBrowser, Tab } from "./tab.ts";
import { emptyDocument } from "./tab.ts";
import { loadPuppeteer } from "./puppeteer.ts";

/** Tabs of Firefox by WebDriver BiDi, of which it has one session only. */
export async function openFirefox({ host, port }: BrowserPlace): Promise<OpenBrowser> {
  const { connect } = await loadPuppeteer();
  const browser = await connect({
    browserWSEndpoint: `ws://${host}:${port}/session`,
    protocol: "webDriverBiDi",
    defaultViewport: null,
    // Those of the run's own certificate: it reaches no other server.
    acceptInsecureCerts: true,
  });
  return {
    open: (url) => openTab(browser, url),
    [Symbol.asyncDispose]: () => browser.disconnect(),
  };
}

async function openTab(browser: Browser, url: URL): Promise<FirefoxTab> {
  const page = await browser.newPage({ type: "window" });
  const { body, headers } = emptyDocument;
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    // A tab that is closed meanwhile needs no answer.
    if (request.isInterceptResolutionHandled()) return;
    request.respond({ status: 200, headers, body }).catch(() => {});
  });
  await page.goto(url.href);
  page.removeAllListeners("request");
  await page.setRequestInterception(false);
  return new FirefoxTab(page);
}

/** A tab with its page, for what else it can be told. */
class FirefoxTab implements Tab {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async run(expression: string): Promise<unknown> {
    const value: unknown = await this.page.evaluate(expression);
    return value;
  }

  async clockOriginMs(): Promise<null> {
    return null;
  }

  /** Another tab comes before it, in its window: a new one is opened in the window that is in front. */
  async show(isVisible: boolean): Promise<void> {
    await this.page.bringToFront();
    if (isVisible) return;
    const before = await this.page.browser().newPage();
    await before.bringToFront();
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
