import { expect, it } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import { whyNoBrowser } from "../machine/browser-files.ts";
import { clientsOfPage, whyNotInBrowser } from "./browser-cells.ts";
import { findScenario } from "./config.ts";
import { parseVariant } from "./variant.ts";

const inBrowser = parseVariant("sse:browser");

it("says in a line what to install where there is no browser", () => {
  expect(whyNoBrowser("chromium", "")).toBe(
    "needs Chromium: install the package chromium, or name it by CHROMIUM_PATH",
  );
  expect(whyNoBrowser("firefox", "")).toBe(
    "needs Firefox: install the package firefox-esr, or name it by FIREFOX_PATH",
  );
});

it("plays what pages can, and says of all else why not", () => {
  const why = (name: string): string | null => whyNotInBrowser(inBrowser, findScenario(name), 8);
  for (const name of ["latency", "echo", "overhead", "reconnect"]) expect(why(name)).toBeNull();
  expect(why("connections")).toBe(
    "connections looks for more connections than a browser opens, which sse:browser can't",
  );
  expect(why("slow-consumer")).toMatch(/^slow-consumer has clients stop reading/);
});

it("leaves nothing out for clients of the load process", () => {
  const own = parseVariant("sse");
  for (const scenario of scenarios.filter(({ usesTabs }) => usesTabs !== true)) {
    expect(whyNotInBrowser(own, scenario, 100_000)).toBeNull();
  }
});

it("has as many clients as pages of one browser hold", () => {
  const why = (clients: number): string | null =>
    whyNotInBrowser(inBrowser, findScenario("latency"), clients);
  expect(why(160)).toBeNull();
  expect(why(500)).toBe(
    "latency: sse:browser has at most 160 clients, not 500: 40 pages of one Chromium, with streams on 4 of the 6 connections that it opens to a host over HTTP/1.1",
  );
});

it.each([
  ["sse:browser", 4],
  ["long-polling:firefox+tls", 4],
  ["sse:firefox+h2", 40],
  ["websocket:browser", 40],
])("has so many clients of %s in a page: %i", (name, clients) => {
  expect(clientsOfPage(parseVariant(name))).toBe(clients);
});
