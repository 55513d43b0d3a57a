import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as source from "./package-files.ts";

const built: typeof source = await import(source.builtFile("bench/files/package-files.js").href);
const ownPlace = /import\.meta\.(url|dirname|filename)/;
const processes = ["server", "publisher", "load"].map((name) => `bench/processes/${name}`);

describe("own files", () => {
  it("lie below one folder, from source and as built", () => {
    expect(existsSync(new URL("package.json", source.packageFolder()))).toBe(true);
    expect(built.packageFolder()).toEqual(source.packageFolder());
    expect(built.versionIn()).toBe(source.versionIn());
  });

  it.each([
    ["the sources", source, ".ts"],
    ["the build", built, ".js"],
  ])(
    "are those of %s, where the code that asks is",
    (_, { packageModule, packageCommand }, extension) => {
      for (const module of processes.map(packageModule)) {
        expect(module.pathname.endsWith(extension)).toBe(true);
        expect(existsSync(module)).toBe(true);
      }
      expect(existsSync(packageCommand())).toBe(true);
    },
  );

  it("are looked for up to the root, and no farther", () => {
    const elsewhere = "file:///nowhere/at/all/module.js";
    expect(() => source.packageFolder(elsewhere)).toThrow(`no package.json above ${elsewhere}`);
  });

  it("are found by no other module's own place, which a bundle changes", () => {
    const root = source.packageFolder();
    const goByTheirPlace = ["bench", "reports", "scenarios", "tools", "transports"]
      .flatMap((folder) =>
        readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" }).map(
          (path) => `${folder}/${path}`,
        ),
      )
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
      .filter((path) => ownPlace.test(readFileSync(new URL(path, root), "utf8")));
    expect(goByTheirPlace).toEqual(["bench/files/package-files.ts"]);
  });
});
