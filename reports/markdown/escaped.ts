import { visible } from "../../bench/text/visible.ts";

/**
 * The text as Markdown that shows just that, in the middle of a line: no markup, no HTML, no link, no
 * image, and nothing that notifies people or refers to issues where it is pasted. White space becomes
 * single spaces. Ordinary text stays as it is, since it is read raw, too.
 */
export function escaped(text: string): string {
  const inLine = oneLine(text)
    .replaceAll(/[\\`*[\]<>|~$]/g, String.raw`\$&`)
    // Within a word it is no emphasis, and names are full of it.
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\_`)
    .replaceAll(/&(?=#?\w+;)/g, String.raw`\&`)
    .replace(blockStart, String.raw`$1\$2`)
    // At the end of a heading it would be no part of it.
    .replace(/(?<!\\)#$/, String.raw`\#`);
  return apart(inLine);
}

/** The same for a line that begins with an HTML block, such as `<summary>`: there Markdown has no say. */
export function escapedInHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return apart(oneLine(text).replaceAll(/[&<>]/g, (sign) => entities[sign] ?? sign));
}

/** The text in a block of code, whatever backticks are in it. */
export function fenced(text: string, language: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${fence}${language}`, oneLine(text), fence].join("\n");
}

/** What makes a heading, a list, a rule or an underlined title at the beginning of a line. */
const blockStart = /^(#{0,6}(?=#(?:\s|$|#))|\d{1,9}(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|[-=]+$))(.)/;

/**
 * What is looked for in a text after Markdown has been taken away, so that no backslash helps: mentions,
 * issues, addresses and named pictures. A comment that shows nothing keeps its parts apart.
 */
const references: readonly RegExp[] = [
  /(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g,
  /(?<=[A-Za-z0-9._+-])@(?=[\w-]+\.\w)/g,
  /#(?=\d)/g,
  /\bGH-(?=\d)/gi,
  /\b(?:https?|ftp|mailto|xmpp):(?=\S)/gi,
  /\bwww(?=\.)/gi,
  /:(?!\d\d?:)(?=[\w+-]+:)/g,
];

function apart(text: string): string {
  return references.reduce((given, pattern) => given.replaceAll(pattern, "$&<!-- -->"), text);
}

function oneLine(text: string): string {
  return visible(text).trim();
}

/** No more than `most` characters of a text, of which nobody knows how long it is. */
export function brief(text: string, most: number): string {
  // A character has at most two units: of a long text only its beginning is divided.
  const signs = Array.from(text.slice(0, 2 * most + 1));
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join("")}…`;
}
