import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { importAdapter } from "./import-adapter.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "transport-bench-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** An adapter that defines transports and does nothing. */
function idle(...names: string[]): string {
  const all = names.map(
    (name) => `{ name: "${name}", delivery: "push", clients: { default() {} }, serve() {} }`,
  );
  return `export default [${all.join(", ")}];`;
}

it.each([
  ["it exports nothing", "", /mine\.ts: its default export is neither/],
  ["a file that it imports is wrong", 'import "./helper.ts";', /helper\.ts:1: Unexpected token$/],
  [
    "it goes by the name of another, however that is written",
    idle("Server-SentEvents"),
    /: there are two transports called "Server-SentEvents"; the other is built in$/,
  ],
  [
    "it goes by another name of another",
    idle("EventSource"),
    /: there are two transports called "EventSource"; the other is built in$/,
  ],
  [
    "two of its own have one name",
    idle("twin", "T-win"),
    /: there are two transports called "T-win"; the other is also here$/,
  ],
])("an adapter can't be imported where %s", async (_what, text, message) => {
  await writeFile(join(folder, "helper.ts"), "const = 5;");
  await writeFile(join(folder, "mine.ts"), text);
  await expect(importAdapter(join(folder, "mine.ts"))).rejects.toThrow(message);
});
