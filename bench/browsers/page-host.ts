import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { PageStart } from "../../transports/browser/page-protocol.ts";
import { builtFile } from "../files/package-files.ts";
import { PageClock } from "./page-clock.ts";
import { DrivenPage } from "./driven-page.ts";
import { openBrowser } from "./open-browser.ts";
import type { BrowserPlace, OpenBrowser } from "./tab.ts";

/** What runs in each page. */
const pageFile = "transports/browser/page.js";

/** Pages at the same server under a name each, since browsers limit connections by host. */
function pageUrl(server: URL, page: number): URL {
  const url = new URL("/", server);
  url.hostname = `c${page}.bench.localhost`;
  return url;
}

/** The pages of a browser in which the clients of a process live. */
export class PageHost implements AsyncDisposable {
  readonly #browser: OpenBrowser;
  readonly #sockets: WebSocketServer;
  readonly #script: string;
  readonly #waiting = new Map<string, (socket: WebSocket) => void>();
  readonly #pages = new Map<string, Promise<DrivenPage>>();

  /** `prelude` runs in each page before anything else. */
  static async open(place: BrowserPlace, prelude = ""): Promise<PageHost> {
    const sockets = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    const [browser, script] = await Promise.all([
      openBrowser(place),
      readFile(builtFile(pageFile), "utf8"),
      once(sockets, "listening"),
    ]);
    return new PageHost(browser, sockets, `${prelude};${script}`);
  }

  private constructor(browser: OpenBrowser, sockets: WebSocketServer, script: string) {
    this.#browser = browser;
    this.#sockets = sockets;
    this.#script = script;
    sockets.on("connection", (socket, { url = "" }) => {
      const take = this.#waiting.get(url);
      this.#waiting.delete(url);
      if (take === undefined) socket.terminate();
      else take(socket);
    });
  }

  /** The page of this number at a server, which is opened if there is none. */
  async page(server: URL, number: number): Promise<DrivenPage> {
    const url = pageUrl(server, number);
    const page = this.#pages.get(url.href) ?? this.#open(url);
    this.#pages.set(url.href, page);
    return await page;
  }

  async #open(url: URL): Promise<DrivenPage> {
    const tab = await this.#browser.open(url);
    const secret = `/${randomUUID()}`;
    const connected = new Promise<WebSocket>((resolve) => this.#waiting.set(secret, resolve));
    const place = `ws://127.0.0.1:${this.#port}${secret}`;
    const started = await tab.run(
      `${this.#script};transportBenchPage.start(${JSON.stringify(place)})`,
    );
    const { resolutionMs, isNative } = startIn(started);
    const originMs = isNative ? await tab.clockOriginMs() : null;
    const page = new DrivenPage(await connected, new PageClock(resolutionMs, originMs), tab);
    await page.align();
    return page;
  }

  get #port(): number {
    const address: AddressInfo | string | null = this.#sockets.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The browser itself, for tabs of other kinds beside the pages. */
  get browser(): OpenBrowser {
    return this.#browser;
  }

  /** Hides all pages, or has them seen again. */
  async show(isVisible: boolean): Promise<void> {
    for (const page of this.#pages.values()) await (await page).tab.show(isVisible);
  }

  /** Closes the pages at this server, with their clients. */
  async closeAt(server: URL): Promise<void> {
    const at = [...this.#pages].filter(([url]) => new URL(url).port === server.port);
    for (const [url] of at) this.#pages.delete(url);
    await Promise.all(at.map(async ([, page]) => (await page).close()));
  }

  /** Aligns the clocks of all pages. */
  async align(): Promise<void> {
    for (const page of this.#pages.values()) await (await page).align();
  }

  /** Looks how well they were aligned; resolves with how wrong a stamp of any may be, in nanoseconds. */
  async check(): Promise<number> {
    let boundNs = 0;
    for (const opened of this.#pages.values()) {
      const page = await opened;
      await page.check();
      boundNs = Math.max(boundNs, page.clock.boundNs);
    }
    return boundNs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    await this.#browser[Symbol.asyncDispose]();
  }
}

function startIn(value: unknown): PageStart {
  const isObject = typeof value === "object" && value !== null;
  const resolutionMs = isObject && "resolutionMs" in value ? Number(value.resolutionMs) : NaN;
  if (!(resolutionMs > 0)) throw new Error("a page doesn't tell how fine its clock is");
  return { resolutionMs, isNative: isObject && "isNative" in value && value.isNative === true };
}
