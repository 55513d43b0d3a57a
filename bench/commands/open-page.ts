import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import open from "open";

/** What hands a page over has ended by then where nothing can show it; else it may be the browser itself. */
const patienceMs = 1_000;

/** Hands a page to the desktop, whose business it then is. Returns why it can't be had; null when it can. */
export async function openPage(page: string): Promise<string | null> {
  try {
    const launcher = await open(resolve(page));
    const closed = once(launcher, "close").then(() => launcher.exitCode);
    const code = await Promise.race([closed, setTimeout(patienceMs, null)]);
    return code === null || code === 0 ? null : "no program that opens pages was found";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
