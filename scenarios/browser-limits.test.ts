import { describe, expect, it } from "vitest";
import { EmptyBrowser } from "../bench/plan/empty-browser.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import {
  agreementText,
  closingText,
  fetchText,
  nextText,
  scopeText,
} from "./browser-limit-figures.ts";
import { browserLimits } from "./browser-limits.ts";
import type { Filled, Filling, NextStream, OpenStreams } from "./scenario.ts";

const waits: NextStream = { how: "waits" };
const fails: NextStream = { how: "fails", error: "close event, code 1006" };

/** A browser that opens so many streams to one host and so many in a tab, and then has the next wait or fail. */
class LimitedBrowser extends EmptyBrowser {
  readonly #tabs = new Map<number, number>();
  readonly #limits: { readonly tab: number; readonly host: number };
  readonly calls: string[] = [];

  constructor(limits: { readonly tab: number; readonly host: number }) {
    super(() => {});
    this.#limits = limits;
  }

  override async fillUp({ tab, origin = "same" }: Filling): Promise<Filled> {
    if (origin === "other") return { opened: 1, next: null };
    const opened = Math.min(this.#limits.tab, this.#limits.host - this.#open);
    this.#tabs.set(tab, opened);
    return { opened, next: opened === this.#limits.tab ? fails : waits };
  }

  override async closeFirst(how: { tab: number } = { tab: 0 }): Promise<null> {
    this.calls.push(`close the first of tab ${how.tab}`);
    return null;
  }

  override async open(): Promise<OpenStreams> {
    return { inTabs: this.#open, onServer: this.#open, longestWaitMs: 4_000 };
  }

  override async heard(): Promise<{ streams: number; letInMs: number }> {
    return { streams: this.#open, letInMs: 7 };
  }

  get #open(): number {
    return [...this.#tabs.values()].reduce((sum, opened) => sum + opened, 0);
  }
}

describe("browser-limits", () => {
  it("fills tab after tab, and tells how many are open after each", async () => {
    const stage = new ScriptedStage({ browser: new LimitedBrowser({ tab: 1_000, host: 6 }) });
    await browserLimits.play(stage);
    expect([1, 2, 4, 8].map((tabs) => stage.value(`open.${tabs}`))).toEqual([6, 6, 6, 6]);
    expect(stage.value("next")).toBe("waits, no error");
    expect(stage.value("scope")).toBe("an origin");
    expect(stage.value("letsIn")).toBe(7);
    expect(stage.value("agree")).toBe("yes");
    expect(stage.calls).toEqual(["warm-up", "  publish 20/s for 100 ms"]);
  });

  it("tells a tab's limit from that of all tabs", async () => {
    const browser = new LimitedBrowser({ tab: 255, host: 290 });
    const stage = new ScriptedStage({ browser });
    await browserLimits.play(stage);
    expect([1, 2, 4, 8].map((tabs) => stage.value(`open.${tabs}`))).toEqual([255, 290, 290, 290]);
    expect(stage.value("scope")).toBe("a tab: 255, an origin: 290");
    // The second is the one in which one waits that could be let in.
    expect(browser.calls).toEqual(["close the first of tab 1"]);
  });
});

describe("what is said of it", () => {
  const tab = (opened: number, next: NextStream | null = waits): Filled => ({ opened, next });

  it("is whose limit it is", () => {
    const elsewhere = { opened: 1, next: null };
    expect(scopeText({ tabs: [tab(6), tab(0)], elsewhere })).toBe("an origin");
    expect(scopeText({ tabs: [tab(200, fails), tab(0, fails)], elsewhere: tab(0, fails) })).toBe(
      "the browser",
    );
    expect(scopeText({ tabs: [tab(6), tab(6)], elsewhere })).toBe("a tab");
    expect(scopeText({ tabs: [tab(600, null), tab(600, null)], elsewhere })).toBe("none found");
  });

  it("is what a page gets to know", () => {
    expect(nextText(waits)).toBe("waits, no error");
    expect(nextText(fails)).toBe("fails at once: close event, code 1006");
    expect(fetchText({ ms: null, error: null })).toBe("waits");
    expect(fetchText({ ms: 4.26, error: null })).toBe("4.3 ms");
    expect(fetchText({ ms: 42.6, error: null })).toBe("43 ms");
    expect(fetchText({ ms: null, error: "TypeError" })).toBe("fails: TypeError");
  });

  it("is where page and server don't agree", () => {
    const open = { inTabs: 7, onServer: 7, longestWaitMs: null };
    const afterwards = { ...open, onServer: 6 };
    expect(agreementText({ open, afterwards: open, heard: 7 })).toBe("yes");
    expect(agreementText({ open, afterwards, heard: 6 })).toBe(
      "no: 7 in tabs, 6 on the server, 6 got a message",
    );
    expect(agreementText({ open: afterwards, afterwards: open, heard: 7 })).toBe(
      "no: 7 in tabs, 6 on the server",
    );
  });

  it("is what closing one does", () => {
    const open = { inTabs: 100, onServer: 100, longestWaitMs: null };
    expect(closingText({ open, letInMs: 7.2, afterwards: open })).toBe("lets one in after 7.2 ms");
    expect(closingText({ open, letInMs: null, afterwards: { ...open, inTabs: 99 } })).toBe(
      "lets none in",
    );
    expect(closingText({ open, letInMs: null, afterwards: { ...open, inTabs: 0 } })).toBe(
      "ends all of them",
    );
  });
});
