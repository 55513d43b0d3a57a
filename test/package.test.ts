import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const packed = z
  .tuple([z.object({ files: z.array(z.object({ path: z.string() })) })])
  .parse(
    JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    ),
  )[0]
  .files.map(({ path }) => path);

const documents = packed.filter((path) => path.endsWith(".md"));

const { bin, exports, repository } = z
  .object({
    bin: z.record(z.string(), z.string()),
    exports: z.record(z.string(), z.record(z.string(), z.string())),
    repository: z.object({ url: z.string() }),
  })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

describe("the package", () => {
  it("has the documents that people are sent to", () => {
    expect(documents).toEqual(
      expect.arrayContaining(["README.md", "docs/method.md", "docs/wire-formats.md", "docs/ci.md"]),
    );
  });

  it.each(documents)("has all that %s links to", (document) => {
    const links = [...readFileSync(document, "utf8").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
      ([, path = ""]) => normalize(join(dirname(document), path)),
    );
    expect(links.filter((link) => !packed.includes(link))).toEqual([]);
  });

  it("has its command under two names, of which npx finds one anywhere", () => {
    expect(Object.keys(bin)).toEqual(["bench", "transport-bench"]);
    expect(new Set(Object.values(bin)).size).toBe(1);
  });

  it("has what it exports, and its command", () => {
    const named = Object.values(exports).flatMap((paths) => Object.values(paths));
    const files = [...Object.values(bin), ...named].map(normalize);
    expect(files.filter((file) => !packed.includes(file) || !existsSync(file))).toEqual([]);
  });

  it("says where it comes from", () => {
    expect(repository.url).toMatch(/^git\+https:\/\/github\.com\/.+\/transport-bench\.git$/);
  });
});

describe("what is printed to be pasted", () => {
  it("names the command as it is found in any folder", () => {
    const texts = packed
      .filter((path) => /^dist\/(bench|reports)\/.*\.js$/.test(path) || path.endsWith(".md"))
      .filter((path) => path !== "CHANGELOG.md" && path !== "CONTRIBUTING.md");
    const short = texts.flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => /npx bench\b/.test(line) && !line.startsWith("npm ci && "))
        .map((line) => `${path}: ${line}`),
    );
    expect(short).toEqual([]);
  });
});
