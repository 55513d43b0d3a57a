import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/*
 * The places of this project's own files, which a module within a bundle can't derive from its own place. Files are
 * named by their path among the sources.
 */

/** The folder of this project's package.json, wherever below it a module lies; throws where there is none. */
export function packageFolder(module: string = import.meta.url): URL {
  let folder = new URL(".", module);
  while (!existsSync(new URL("package.json", folder))) {
    const above = new URL("..", folder);
    if (above.href === folder.href) throw new Error(`no package.json above ${module}`);
    folder = above;
  }
  return folder;
}

const isSource = import.meta.url.endsWith(".ts");

/** A file that only a build makes, such as `reports/page/browser.js`; from source, that of the last build. */
export function builtFile(path: string): URL {
  return new URL(`dist/${path}`, packageFolder());
}

/** A module by its name without extension, such as `bench/processes/server`: from source, or as built. */
export function packageModule(name: string): URL {
  return isSource ? new URL(`${name}.ts`, packageFolder()) : builtFile(`${name}.js`);
}

/** The file that starts the command, as users have it. */
export function packageCommand(): string {
  return fileURLToPath(isSource ? packageModule("bench/cli") : builtFile("bench/cli.cjs"));
}

/** The version of the package that a folder holds; this project's own when left out. */
export function versionIn(folder: URL = packageFolder()): string {
  try {
    const own: unknown = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
    const isKnown = typeof own === "object" && own !== null && "version" in own;
    return isKnown && typeof own.version === "string" ? own.version : "unknown";
  } catch {
    return "unknown";
  }
}
