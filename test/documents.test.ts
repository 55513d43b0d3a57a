import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { marked } from "marked";
import type { Token } from "marked";
import { beforeAll, describe, expect, it } from "vitest";
import { reports } from "../reports/index.ts";
import { TemporaryFolder, benchEach } from "./bench-process.ts";

/** What people read, by its path. All but the changelog says how things are today. */
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Every piece of Markdown in a page, at any depth. */
function tokensOf(path: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(readFileSync(path, "utf8")), (token) => {
    tokens.push(token);
  });
  return tokens;
}

function linksOf(path: string): string[] {
  return tokensOf(path)
    .flatMap((token) => (token.type === "link" || token.type === "image" ? [token["href"]] : []))
    .filter((href) => !/^[a-z]+:/.test(href));
}

/** The anchors of a page's headings, as GitHub and npm make them. */
function anchorsOf(path: string): string[] {
  return tokensOf(path).flatMap((token) =>
    token.type === "heading"
      ? [
          String(token["text"])
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
            .replaceAll(" ", "-"),
        ]
      : [],
  );
}

/** The code of a page, in a line or in a block; lines that go on are joined. */
function codeOf(path: string): string[] {
  return tokensOf(path).flatMap((token) =>
    token.type === "codespan" || token.type === "code"
      ? String(token["text"])
          .replaceAll(/\\\n\s*/g, "")
          .split("\n")
      : [],
  );
}

const pathOfRepository =
  /(?<![\w./-])(?:\.ci|bench|docs|examples|reports|scenarios|test|tools|transports)\/[\w./*{,}<>-]*/g;

/** Whether it names a file or folder; of several files, or one that a reader is to write, their folder. */
function isThere(path: string): boolean {
  return existsSync(/[<{*]/.test(path) ? dirname(path) : path);
}

interface Call {
  readonly command: string;
  readonly flags: readonly string[];
}

/** Each call of the command that a line of code shows. */
function callsIn(line: string): Call[] {
  return line.split(/&&|[|;#]/).flatMap((part) => {
    const [, command, rest = ""] =
      /(?:^|\s)(?:transport-)?bench (?:-- )?([a-z]+)(.*)/.exec(part) ?? [];
    return command === undefined ? [] : [{ command, flags: rest.match(/--[a-z][a-z-]*/g) ?? [] }];
  });
}

describe.each([...pages, "CHANGELOG.md"])("%s", (path) => {
  it("links to files that there are, and to headings that they have", () => {
    const broken = linksOf(path).filter((href) => {
      const [file = "", anchor] = href.split("#");
      const target = file === "" ? path : normalize(join(dirname(path), file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe.each(pages)("%s", (path) => {
  it("names files and folders of this repository that there are", () => {
    const named = codeOf(path).flatMap((code) => code.match(pathOfRepository) ?? []);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });
});

describe("the documentation", () => {
  const commands = [
    ...readFileSync("docs/running.md", "utf8").matchAll(/^\| `bench ([a-z]+)/gm),
  ].map(([, name = ""]) => name);
  const flags = new Map<string, readonly string[]>();
  let general = "";

  beforeAll(async () => {
    using folder = new TemporaryFolder();
    const calls = ["", ...commands].map((name) => ({
      folder: folder.path,
      args: [...(name === "" ? [] : [name]), "--help"],
    }));
    const [help, ...ended] = await benchEach(calls);
    general = help?.stdout ?? "";
    for (const [index, { stdout }] of ended.entries()) {
      flags.set(
        commands[index] ?? "",
        stdout.match(/^ +(?:-h, )?--[a-z-]+/gm)?.map(lastWord) ?? [],
      );
    }
  });

  it("has a front page of at most 12 000 bytes", () => {
    expect(readFileSync("README.md").length).toBeLessThanOrEqual(12_000);
  });

  it("has a contents page that leads to every other, once", () => {
    const listed = linksOf("docs/README.md").filter((href) => !href.startsWith("../"));
    const others = readdirSync("docs").filter((name) => name.endsWith(".md"));
    expect(listed.toSorted()).toEqual(others.filter((name) => name !== "README.md").toSorted());
  });

  it("lists every command", () => {
    const known = [...general.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(new Set([...commands, "help"])).toEqual(new Set(known));
  });

  it("has every flag that bench run takes in one table", () => {
    const table = readFileSync("docs/running.md", "utf8").match(/^\| `--.*$/gm) ?? [];
    const listed = table.flatMap((row) => (row.split(" | ")[0] ?? "").match(/--[a-z-]+/g) ?? []);
    const documented = new Set([...listed, "--target-command", "--target-pid", "--help"]);
    expect((flags.get("run") ?? []).filter((flag) => !documented.has(flag))).toEqual([]);
  });

  it("has a row for every report", () => {
    const page = readFileSync("docs/reading.md", "utf8");
    for (const { name } of reports) expect(page).toContain(`\n| \`${name}\` |`);
  });

  it("names every flag of every command somewhere", () => {
    const text = pages.map((path) => readFileSync(path, "utf8")).join("\n");
    const all = [...new Set([...flags.values()].flat())];
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(text))).toEqual([]);
  });

  it.each(pages)("shows in %s no command and no flag that there isn't", (path) => {
    const wrong = codeOf(path)
      .flatMap(callsIn)
      .flatMap(({ command, flags: given }) => {
        const known = flags.get(command);
        if (known === undefined) return [command];
        return given.filter((flag) => !known.includes(flag)).map((flag) => `${command} ${flag}`);
      });
    expect(wrong).toEqual([]);
  });
});

function lastWord(text: string): string {
  return text.trim().split(" ").at(-1) ?? "";
}
