import type { BrowserName } from "../../transports/browser-names.ts";
import { whyNoProgram } from "./program-file.ts";
import type { ProgramSought } from "./program-file.ts";

/** The browsers as they are looked for, and as they are called. */
export const browserFiles: Readonly<
  Record<BrowserName, ProgramSought & { readonly title: string }>
> = {
  chromium: { title: "Chromium", name: "chromium", debianPackage: "chromium" },
  firefox: {
    title: "Firefox",
    name: "firefox",
    command: "firefox-esr",
    debianPackage: "firefox-esr",
  },
};

/** What to do so that a browser can be started; null where it can. */
export function whyNoBrowser(name: BrowserName, path = process.env["PATH"]): string | null {
  const { title, debianPackage } = browserFiles[name];
  const variable = `${name.toUpperCase()}_PATH`;
  const why = whyNoProgram(browserFiles[name], path);
  if (why === null || why.startsWith(variable)) return why;
  return `needs ${title}: install the package ${debianPackage}, or name it by ${variable}`;
}
