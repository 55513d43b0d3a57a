import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import type {
  AnsweredInTab,
  Filled,
  HeardInTabs,
  Origin,
  Ticked,
} from "../../scenarios/browser-verbs.ts";
import type { StreamWay, TabCounts, TabStreams } from "./tab-streams.ts";
import { tabStreams } from "./tab-streams.ts";
import type { OpenBrowser, Tab } from "./tab.ts";

const ms = z.number();

/** What a page answers to each of its functions. */
const answers = {
  fill: z.strictObject({
    opened: z.int(),
    next: z
      .union([
        z.strictObject({ how: z.literal("waits") }),
        z.strictObject({ how: z.literal("fails"), error: z.string() }),
      ])
      .nullable(),
  }),
  fetch: z.strictObject({ ms: ms.nullable(), error: z.string().nullable() }),
  closeFirst: ms.nullable(),
  counts: z.strictObject({ open: z.int(), longestWaitMs: ms.nullable() }),
  heard: z.strictObject({ streams: z.int(), unheard: z.int(), letInMs: ms.nullable() }),
  visibility: z.enum(["visible", "hidden"]),
  tick: z.strictObject({
    visibility: z.enum(["visible", "hidden"]),
    forMs: ms,
    timers: z.array(z.strictObject({ everyMs: ms, count: z.int(), longestMs: ms })),
    frames: z.int(),
    fetches: z.int(),
  }),
  none: z.undefined().or(z.null()),
};

/** How the streams of a transport are opened by a page: by which of its means, and at which path. */
export interface StreamForm {
  readonly api: StreamWay["api"];
  readonly path: string;
}

/** Tabs of one browser in which streams are opened as any page does. */
export class BrowserTabs {
  readonly #browser: OpenBrowser;
  readonly #server: URL;
  readonly #form: StreamForm;
  readonly #tabs: Tab[] = [];

  constructor(browser: OpenBrowser, server: URL, form: StreamForm) {
    this.#browser = browser;
    this.#server = server;
    this.#form = form;
  }

  async open(count: number): Promise<void> {
    while (this.#tabs.length < count) {
      const tab = await this.#browser.open(new URL("/", this.#server));
      this.#tabs.push(tab);
      // Who runs this from its source has its functions named by this.
      const text = `globalThis.__name ??= (one) => one; globalThis.bench = (${tabStreams.toString()})(); null`;
      await tab.run(text);
      // As if its document had come from there: a WebSocket shares a connection of HTTP/2 only where there is one.
      if (this.#tabs.length === 1) await this.fetch(0, "same", arrivalMs);
    }
  }

  async fill(tab: number, origin: Origin, atMost: number, waitMs: number): Promise<Filled> {
    return answers.fill.parse(await this.#call(tab, "fill", this.#way(origin), atMost, waitMs));
  }

  async poll(tab: number, origin: Origin, count: number): Promise<void> {
    answers.none.parse(await this.#call(tab, "poll", this.#way(origin), count));
  }

  async settle(tab: number, opened: number): Promise<void> {
    answers.none.parse(await this.#call(tab, "settle", opened));
  }

  async fetch(tab: number, origin: Origin, waitMs: number): Promise<AnsweredInTab> {
    const url = new URL(quickPath, this.#urlOf(origin)).href;
    return answers.fetch.parse(await this.#call(tab, "fetch", url, waitMs));
  }

  async closeFirst(tab: number, waitMs: number): Promise<number | null> {
    // A browser may prefer those of another tab, whose clock is another.
    const others = [...this.#tabs.keys()].filter((other) => other !== tab);
    for (const other of others) answers.none.parse(await this.#call(other, "giveUp"));
    return answers.closeFirst.parse(await this.#call(tab, "closeFirst", this.#way("same"), waitMs));
  }

  async giveUp(): Promise<void> {
    await this.#each(async (tab) => answers.none.parse(await this.#call(tab, "giveUp")));
  }

  /** Of all tabs together. */
  async counts(): Promise<TabCounts> {
    const all = await this.#each(async (tab) =>
      answers.counts.parse(await this.#call(tab, "counts")),
    );
    const waits = all.flatMap(({ longestWaitMs }) => longestWaitMs ?? []);
    return {
      open: all.reduce((sum, { open }) => sum + open, 0),
      longestWaitMs: waits.length === 0 ? null : Math.max(...waits),
    };
  }

  /** Of all tabs together, when each stream that is open has heard, or after a while: what was sent may be on its way. */
  async heard(): Promise<HeardInTabs> {
    const untilMs = performance.now() + arrivalMs;
    const ask = (): Promise<z.infer<typeof answers.heard>[]> =>
      this.#each(async (tab) => answers.heard.parse(await this.#call(tab, "heard")));
    let all = await ask();
    while (all.some(({ unheard }) => unheard > 0) && performance.now() < untilMs) {
      await setTimeout(20);
      all = await ask();
    }
    const letIn = all.flatMap(({ letInMs }) => letInMs ?? []);
    return {
      streams: all.reduce((sum, { streams }) => sum + streams, 0),
      letInMs: letIn.length === 0 ? null : Math.min(...letIn),
    };
  }

  async tick(tab: number, forMs: number): Promise<Ticked> {
    const url = new URL(quickPath, this.#server).href;
    return answers.tick.parse(await this.#call(tab, "tick", url, forMs));
  }

  async show(tab: number, isVisible: boolean): Promise<Ticked["visibility"]> {
    const shown = this.#at(tab);
    await shown.show(isVisible);
    return answers.visibility.parse(await shown.run("document.visibilityState"));
  }

  #way(origin: Origin): StreamWay {
    return { api: this.#form.api, url: new URL(this.#form.path, this.#urlOf(origin)).href };
  }

  #urlOf(origin: Origin): URL {
    if (origin === "same") return this.#server;
    const other = new URL(this.#server);
    other.hostname = otherName;
    return other;
  }

  async #call(tab: number, name: keyof TabStreams, ...parameters: unknown[]): Promise<unknown> {
    const values = parameters.map((value) => JSON.stringify(value)).join(", ");
    return await this.#at(tab).run(`bench.${name}(${values})`);
  }

  async #each<T>(ask: (tab: number) => Promise<T>): Promise<T[]> {
    return await Promise.all(this.#tabs.map((_, tab) => ask(tab)));
  }

  #at(index: number): Tab {
    const tab = this.#tabs[index];
    if (tab === undefined) throw new Error(`no tab ${index}`);
    return tab;
  }
}

/** The longest that the first answer may take. */
const arrivalMs = 5_000;

/** Nothing is there: a server says so at once. */
const quickPath = "/nothing";

/** Another name of the address that servers listen on. */
const otherName = "localhost";
