import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { VNode } from "preact";
import { builtFile } from "../../bench/files/package-files.ts";
import { dark, light, shadesIn } from "../charts/theme.ts";
import type { Theme } from "../charts/theme.ts";

/** What the page carries with it, as the build left it: our own text, the same in every page. */
export interface Assets {
  readonly style: string;
  readonly script: string;
}

/** A page may do without a script. */
type PageAssets = Pick<Assets, "style"> & Partial<Assets>;

let known: Assets | null = null;

export function assets(): Assets {
  known ??= {
    style: themeRules + built("page.css", "</style"),
    script: built("browser.js", "</script"),
  };
  return known;
}

function built(name: string, end: string): string {
  const path = builtFile(`reports/page/${name}`);
  if (!existsSync(path)) throw new Error(`${path.pathname}: isn't built; npm run build`);
  const text = readFileSync(path, "utf8").trim();
  // It stands in the page as it is: nothing in it may end its element, or begin what hides the end.
  if (text.includes(end) || text.includes("<!--")) throw new Error(`${path.pathname}: has ${end}`);
  return text;
}

interface DocumentHeadProps {
  readonly title: string;
  readonly assets: PageAssets;
}

/** What stands before every page: the policy comes first, and holds for all that follows. */
export function DocumentHead({ title, assets }: DocumentHeadProps): VNode {
  return (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(assets)} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${title} – transport-bench`}</title>
      <style dangerouslySetInnerHTML={{ __html: assets.style }} />
    </head>
  );
}

/**
 * Nothing may be loaded, and nothing may run but the script with this hash, if there is one. Without a
 * server there is no header to say so; the policy holds for all that comes after its element.
 */
function contentSecurityPolicy({ style, script }: PageAssets): string {
  return [
    "default-src 'none'",
    "img-src data:",
    "font-src data:",
    `style-src '${hashOf(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The colours of the charts as custom properties: a transport has the same one in charts and tables. */
const themeRules: string = [
  `:root{${properties(light)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${properties(dark)}}}`,
  ...[...shadesIn(light).keys()].map((name) => `.c-${name}{--series:var(--c-${name})}`),
].join("");

function properties(theme: Theme): string {
  const { background, ink, quiet, grid } = theme;
  return [
    `--background:${background}`,
    `--ink:${ink}`,
    `--quiet:${quiet}`,
    `--grid:${grid}`,
    ...[...shadesIn(theme)].map(([name, colour]) => `--c-${name}:${colour}`),
  ].join(";");
}
