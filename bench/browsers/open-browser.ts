import { openChromium } from "./chromium-browser.ts";
import { openFirefox } from "./firefox-browser.ts";
import type { BrowserPlace, OpenBrowser } from "./tab.ts";

const ways = { chromium: openChromium, firefox: openFirefox } as const;

/** Reaches a browser that was started as a program. Leaving it ends no page and no browser. */
export async function openBrowser(place: BrowserPlace): Promise<OpenBrowser> {
  return await ways[place.name](place);
}
