import { isInstalled, packageUrl } from "../../transports/optional-packages.ts";

/** By which both browsers are told what to do. */
const puppeteerPackage = "puppeteer-core";

export function hasPuppeteer(): boolean {
  return isInstalled(puppeteerPackage);
}

/** Only processes that hold clients in browsers load it. */
export async function loadPuppeteer(): Promise<typeof import("puppeteer-core")> {
  const loaded: typeof import("puppeteer-core") = await import(packageUrl(puppeteerPackage));
  return loaded;
}
