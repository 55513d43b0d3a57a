import { packageUrl } from "../../transports/optional-packages.ts";

/** By which both browsers are told what to do. Only processes that hold clients in browsers load it. */
export async function loadPuppeteer(): Promise<typeof import("puppeteer-core")> {
  const loaded: typeof import("puppeteer-core") = await import(packageUrl("puppeteer-core"));
  return loaded;
}
