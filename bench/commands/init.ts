import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { codeOf, exitCodes, knownAre, nearest, usageError } from "../errors/errors.ts";
import { packageFolder } from "../files/package-files.ts";
import { aName, namePattern } from "../settings/adapter-schema.ts";
import { knownTransports, shownPath } from "../settings/adapters.ts";
import { defaultFileNames } from "../settings/config-file.ts";
import { knownScenarios } from "../settings/known-scenarios.ts";
import { plainName } from "../settings/unsupported.ts";
import { npxCommand } from "../text/command-name.ts";

const examples: Readonly<Record<string, { readonly file: string; readonly next: string }>> = {
  transport: { file: "my-transport.ts", next: "run --quick --transports FILE,tcp" },
  scenario: { file: "my-scenario.ts", next: "run --quick --scenarios FILE" },
  config: { file: "bench.config.ts", next: "run --config FILE" },
};

/** `bench init`: writes a commented example, and says how to try it. */
export async function init(what: string, given?: string): Promise<number> {
  const example = examples[what];
  if (example === undefined) {
    const known = Object.keys(examples);
    throw usageError(`init: no example of "${what}"; ${nearest(what, known)}${knownAre(known)}`);
  }
  const file = given ?? example.file;
  const named = what === "config" ? null : `my-${what}`;
  const own = basename(file, extname(file));
  if (named === null) checkSettings(given);
  else checkName(own, what);
  const text = readFileSync(new URL(`examples/init/${what}.ts`, packageFolder()), "utf8");
  // The example goes by the name of its file, wherever it names itself.
  write(file, named === null ? text : text.replaceAll(named, own));
  process.stdout.write(
    `${file} is written; try it:\n\n  ${npxCommand} ${example.next.replace("FILE", shownPath(file))}\n\n` +
      "It works as it is. For types in an editor: npm install --save-dev transport-bench @types/node\n",
  );
  return exitCodes.done;
}

/** Of two, only one would be read. */
function checkSettings(given: string | undefined): void {
  const there = defaultFileNames.find((name) => existsSync(name));
  if (given === undefined && there !== undefined)
    throw usageError(`init: ${there} is there already`);
}

function checkName(name: string, what: string): void {
  const known = [...knownTransports(), ...knownScenarios()];
  if (!namePattern.test(name)) {
    throw usageError(`init: a ${what} goes by its file, and "${name}" is not ${aName}`);
  }
  if (known.some((one) => plainName(one.name) === plainName(name))) {
    throw usageError(`init: ${name} is built in: give a file of another name`);
  }
}

function write(file: string, text: string): void {
  if (!/\.[cm]?ts$/.test(file)) throw usageError(`init: ${file} has to end in .ts`);
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw usageError(`init: ${file} is there already`);
    if (codeOf(error) === "ENOENT") throw usageError(`init: there is no folder ${dirname(file)}`);
    throw usageError(`init: can't write to ${file} (${codeOf(error)})`);
  }
}
