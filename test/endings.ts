import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TemporaryFolder, benchEach } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";

/** A command that starts nothing. */
export interface Invocation {
  readonly line: string;
  /** Where it is called; without one in a folder of its own, with nothing in it but `files`. */
  readonly folder?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** How it ended, and the names of all that was in its folder then. */
export interface Ending extends Ended {
  readonly left: readonly string[];
}

/** How each of these commands ends, by its place. All are called, in one process, when the first is asked for. */
export function endingsOf(invocations: readonly Invocation[]): (index: number) => Promise<Ending> {
  let endings: Promise<Ending[]> | undefined;
  return async (index) => {
    endings ??= endEach(invocations);
    const ending = (await endings)[index];
    if (ending === undefined) throw new Error(`there is no command ${index}`);
    return ending;
  };
}

async function endEach(invocations: readonly Invocation[]): Promise<Ending[]> {
  using whole = new TemporaryFolder();
  const calls = invocations.map(({ line, files = {}, folder: given }, index) => {
    const folder = given ?? join(whole.path, String(index));
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return { folder, args: line.split(" ") };
  });
  const ended = await benchEach(calls);
  return ended.map((one, index) =>
    Object.assign({}, one, { left: readdirSync(calls[index]?.folder ?? "") }),
  );
}
