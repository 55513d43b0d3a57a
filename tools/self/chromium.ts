import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

/** Where the system has it; the library would download one. */
export const chromiumPlaces: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

export function hasChromium(): boolean {
  return chromiumPlaces.some((path) => existsSync(path));
}

/** A browser that asks nobody for anything. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPlaces.find((path) => existsSync(path)) ?? "",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
