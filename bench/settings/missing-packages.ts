import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { codeOf } from "../errors/errors.ts";
import { apiAliases } from "./adapter-api.ts";

/** Why a file can't be imported, and where that is a missing package, the command that installs all it misses. */
export function withInstallation(reason: string, file: string): string {
  const [, named = ""] = /^Cannot find (?:module|package) '([^']+)'/.exec(reason) ?? [];
  if (packageIn(named) === null) return reason;
  const missing = [named, ...importedBy(file)].filter((name) => isMissing(name, file));
  const packages = new Set(missing.flatMap((name) => packageIn(name) ?? []));
  return packages.size === 0 ? reason : `${reason}: npm install ${[...packages].join(" ")}`;
}

/** The name of the package that a specifier begins with; null where it is of a file or of Node. */
function packageIn(specifier: string): string | null {
  if (isBuiltin(specifier) || specifier in apiAliases()) return null;
  return /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*(?=\/|$)/.exec(specifier)?.[0] ?? null;
}

/** What a file imports at its beginning, and not for its types alone. */
function importedBy(file: string): string[] {
  const imports = /^import\s+(?!type\b)(?:[^"';]*\bfrom\s*)?["']([^"']+)["']/gm;
  return [...readFileSync(file, "utf8").matchAll(imports)].map(([, specifier = ""]) => specifier);
}

function isMissing(specifier: string, file: string): boolean {
  try {
    createRequire(file).resolve(specifier);
    return false;
  } catch (error) {
    // A package may be there for `import` alone.
    return codeOf(error) === "MODULE_NOT_FOUND";
  }
}
