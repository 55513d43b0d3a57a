import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { brief, escaped, escapedInHtml, fenced } from "./escaped.ts";

/** What a reader sees of HTML: without comments, with entities as the signs that they stand for. */
function shown(html: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };
  return html
    .replaceAll("<!-- -->", "")
    .replaceAll(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => entities[name] ?? "?");
}

/** The text of Markdown's only paragraph; anything else in the HTML shows as what it is. */
function rendered(markdown: string): string {
  const html = marked.parse(markdown, { async: false, gfm: true }).trim();
  return shown(html.replace(/^<p>([^]*)<\/p>$/, "$1"));
}

/** The text of the only cell of a table's body. */
function renderedInTable(markdown: string): string {
  const table = `| a | b |\n|---|---|\n| ${markdown} | end |`;
  const html = marked.parse(table, { async: false, gfm: true });
  const cells = [...html.matchAll(/<td>([^]*?)<\/td>/g)].map(([, text]) => shown(text ?? ""));
  expect(cells).toHaveLength(2);
  expect(cells[1]).toBe("end");
  return cells[0] ?? "";
}

const hostile: readonly string[] = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "</details><details open>",
  "<!-- hidden",
  "--> shown",
  "<https://evil.example>",
  "[a link](https://evil.example)",
  "![a picture](https://evil.example/x.png)",
  "[a link][1]",
  "[1]: https://evil.example",
  "[^1]",
  "https://evil.example/a_b_c?d=e&copy;=f",
  "HTTP://evil.example, ftp://evil.example, www.evil.example",
  "mailto:me@evil.example",
  "someone@evil.example",
  "@somebody, @an/team: look",
  "(@somebody)",
  "fixes #1, GH-2, gh-3 and owner/repository#4",
  "# a heading",
  "###### a heading",
  "#",
  "##",
  "ends in #",
  "ends in ##",
  "a title",
  "===",
  "---",
  "- a list",
  "+ a list",
  "* a list",
  "- [ ] a task",
  "1. a list",
  "12) a list",
  "> a quote",
  "*em* **strong** _em_ __strong__ ~~gone~~ a_*b*_",
  "`code` ``more``",
  "```sh",
  "~~~",
  "a | b \\| c",
  String.raw`\\ \* \<b\> ends in \ `.trim(),
  "&lt;b&gt; &amp; &#60; &copy; AT&T",
  ":smile: :+1: ::x:",
  "$x^2$ $$y$$",
  "<b",
  "a\\",
];

describe("escaped text", () => {
  it.each(hostile)("shows as it is, and as nothing else: %j", (text) => {
    expect(rendered(escaped(text))).toBe(text);
    expect(rendered(`before ${escaped(text)} after`)).toBe(`before ${text} after`);
    expect(rendered(`- ${escaped(text)}`)).toBe(`<ul>\n<li>${text}</li>\n</ul>`);
  });

  it.each(hostile)("shows as it is in a heading: %j", (text) => {
    const html = marked.parse(`### ${escaped(text)}`, { async: false, gfm: true }).trim();
    expect(shown(html)).toBe(`<h3>${text}</h3>`);
  });

  it.each(hostile)("keeps a table's shape: %j", (text) => {
    expect(renderedInTable(escaped(text))).toBe(text);
  });

  it.each(hostile)("does no more in HTML: %j", (text) => {
    const html = escapedInHtml(text);
    expect(shown(html)).toBe(text);
    expect(html.replaceAll("<!-- -->", "")).not.toMatch(/[<>]/);
  });

  it.each([
    ["a@user", "a@user"],
    ["@user", "@<!-- -->user"],
    ["short-polling@250ms", "short-polling@250ms"],
    ["short-polling@1.5s", "short-polling@<!-- -->1.5s"],
    ["#12", "#<!-- -->12"],
    ["GH-12", "GH-<!-- -->12"],
    ["http://x", "http:<!-- -->//x"],
    ["www.x", "www<!-- -->.x"],
    [":tada:", ":<!-- -->tada:"],
  ])(
    "keeps %j from meaning more than it says, also where no backslash would: %s",
    (text, markdown) => {
      expect(escaped(text)).toBe(markdown);
      expect(escapedInHtml(text)).toBe(markdown);
    },
  );

  it.each([
    "Intel(R) Xeon(R) Processor, 2 cores, linux 6.1.0-fc_v7, Node 20.20.2",
    "websocket+deflate, sse:eventsource, short-polling@250ms+logMessages=5",
    "--max-connections",
    "2026-11-23T08:30:05.000Z",
    'a title: with & without, 95 % of 1 000; it\'s "so"',
    "EMFILE, max_open_files = 5 (ulimit -n)!",
    "RFC 9112, sections 3, 4 and 6",
  ])("is ordinary text where there is nothing to escape: %s", (text) => {
    expect(escaped(text)).toBe(text);
  });

  it("is one line without control characters", () => {
    const text = "one\n\n# two\r\n\tthree\u0000\u001B[31m\u202Eruof";
    expect(rendered(escaped(text))).toBe(String.raw`one # two three\u0000\u001b[31m\u202eruof`);
    expect(escapedInHtml("one\n\n<b>two\u0000")).toBe(String.raw`one &lt;b&gt;two\u0000`);
  });
});

describe("a block of code", () => {
  it.each(["npx bench run", "a ``` b", "````\n# heading", "<b>`"])("has %j as it is", (text) => {
    const html = marked.parse(fenced(text, "sh"), { async: false, gfm: true });
    const [, code] = /^<pre><code class="language-sh">([^]*)\n<\/code><\/pre>\s*$/.exec(html) ?? [];
    expect(shown(code ?? "")).toBe(text.replaceAll("\n", " "));
  });
});

it.each([
  ["abc", "abc"],
  ["abcd", "ab…"],
  ["😀😀😀", "😀😀😀"],
  ["😀😀😀😀", "😀😀…"],
  ["a😀b😀c", "a😀…"],
])("%s is no longer than three characters as %s", (text, shown) => {
  expect(brief(text, 3)).toBe(shown);
});
