import { expect, describe, it } from "vitest";
import { BrowserTabs } from "../bench/browsers/browser-tabs.ts";
import { openBrowser } from "../bench/browsers/open-browser.ts";
import { CountedListener } from "../bench/measure/listener.ts";
import { OpenExchanges } from "../bench/processes/open-exchanges.ts";
import { programNamed } from "../bench/programs/index.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { bothBrowsers, isMissing } from "./requirements.ts";

const waitMs = 500;

describe.skipIf(isMissing(bothBrowsers))("tabs of Chromium", () => {
  it("have six streams of an origin between them, as many as the server has, and hide", async () => {
    const { bound } = parseVariant("sse");
    await using listener = await CountedListener.open([]);
    await using server = bound.serve(listener, { message() {} });
    const exchanges = new OpenExchanges(listener.http);
    await using program = await RunningProgram.start(programNamed("chromium"), "browser");
    await using browser = await openBrowser({ name: "chromium", ...program.place });
    const url = new URL(`http://127.0.0.1:${listener.port}/`);
    const tabs = new BrowserTabs(browser, url, { api: "EventSource", path: "/sse/all" });

    await tabs.open(2);
    expect(await tabs.fill(0, "same", 10, waitMs)).toEqual({ opened: 6, next: { how: "waits" } });
    expect(await tabs.fill(1, "same", 10, waitMs)).toEqual({ opened: 0, next: { how: "waits" } });
    expect(await tabs.fetch(1, "same", waitMs)).toEqual({ ms: null, error: null });
    expect(await tabs.fetch(1, "other", 10 * waitMs)).toMatchObject({ error: null });
    expect(exchanges.count).toBe(6);

    expect(await tabs.closeFirst(0, 10 * waitMs)).toBeGreaterThan(0);
    await tabs.giveUp();
    server.publish("all", Buffer.from("to all that are open"));
    expect((await tabs.heard()).streams).toBe(6);
    await expect.poll(() => exchanges.count).toBe(6);
    expect(await tabs.counts()).toEqual({ open: 6, longestWaitMs: null });

    expect(await tabs.show(1, false)).toBe("hidden");
    expect(await tabs.show(1, true)).toBe("visible");
  });
});
