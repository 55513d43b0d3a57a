import type { Browser, CDPSession } from "puppeteer-core";
import type { BrowserPlace, OpenBrowser, Tab } from "./tab.ts";
import { emptyDocument } from "./tab.ts";
import { loadPuppeteer } from "./puppeteer.ts";

/*
 * Tabs of Chromium by the DevTools protocol. They aren't pages of Puppeteer: those have each request and each message
 * of a WebSocket reported, which would be part of what is measured.
 */

export async function openChromium({ host, port }: BrowserPlace): Promise<OpenBrowser> {
  const { connect } = await loadPuppeteer();
  const browser = await connect({ browserURL: `http://${host}:${port}`, defaultViewport: null });
  const root = await browser.target().createCDPSession();
  return {
    open: (url) => openTab(root, url),
    [Symbol.asyncDispose]: () => leave(browser),
  };
}

/** The browser itself is ended by who has started it. */
async function leave(browser: Browser): Promise<void> {
  await browser.disconnect();
}

async function openTab(root: CDPSession, url: URL): Promise<ChromiumTab> {
  const { targetId } = await root.send("Target.createTarget", {
    url: "about:blank",
    newWindow: true,
  });
  const { sessionId } = await root.send("Target.attachToTarget", { targetId, flatten: true });
  const session = root.connection()?.session(sessionId);
  if (session == null) throw new Error("Chromium has closed a tab that was just opened");
  const tab = new ChromiumTab(root, session, targetId);
  await tab.load(url);
  return tab;
}

/** A tab with its session, for what only Chromium can be told. */
class ChromiumTab implements Tab {
  readonly session: CDPSession;
  readonly #root: CDPSession;
  readonly #targetId: string;

  constructor(root: CDPSession, session: CDPSession, targetId: string) {
    this.#root = root;
    this.session = session;
    this.#targetId = targetId;
  }

  async load(url: URL): Promise<void> {
    const { session } = this;
    const { body, headers } = emptyDocument;
    const responseHeaders = Object.entries(headers).map(([name, value]) => ({ name, value }));
    session.on("Fetch.requestPaused", ({ requestId }) => {
      const answer = { requestId, responseCode: 200, responseHeaders, body: btoa(body) };
      // A tab that is closed meanwhile needs no answer.
      session.send("Fetch.fulfillRequest", answer).catch(() => {});
    });
    await session.send("Fetch.enable", { patterns: [{ resourceType: "Document" }] });
    await session.send("Page.enable");
    const loaded = new Promise((resolve) => session.once("Page.loadEventFired", resolve));
    const { errorText } = await session.send("Page.navigate", { url: url.href });
    if (errorText !== undefined) throw new Error(`Chromium can't open ${url.href}: ${errorText}`);
    await loaded;
    await session.send("Page.disable");
    await session.send("Fetch.disable");
  }

  async run(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.session.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails === undefined) return result.value;
    const { exception, text } = exceptionDetails;
    throw new Error(`in the page: ${exception?.description ?? text}`);
  }

  /** Chromium's TimeTicks are those of CLOCK_MONOTONIC; `performance.now` counts from the navigation's start. */
  async clockOriginMs(): Promise<number | null> {
    const { session } = this;
    await session.send("Performance.enable");
    const { metrics } = await session.send("Performance.getMetrics");
    await session.send("Performance.disable");
    const start = metrics.find(({ name }) => name === "NavigationStart");
    return start === undefined ? null : start.value * 1e3;
  }

  /** Its window is minimised, in which it is alone. */
  async show(isVisible: boolean): Promise<void> {
    const { windowId } = await this.session.send("Browser.getWindowForTarget");
    const windowState = isVisible ? "normal" : "minimized";
    await this.session.send("Browser.setWindowBounds", { windowId, bounds: { windowState } });
  }

  async close(): Promise<void> {
    await this.#root.send("Target.closeTarget", { targetId: this.#targetId });
  }
}
