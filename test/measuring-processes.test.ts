import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../dist/bench/processes/", import.meta.url));

/** Modules of Node's own that are loaded once this one is. */
async function loadedBy(module: string): Promise<string[]> {
  const script = `await import("${module}"); console.log(process.moduleLoadList.join("\\n")); process.exit(0)`;
  const node = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  return stdout.split("\n");
}

// Each trial starts two or three of them, and waits until they are ready.
it.each(["server", "publisher", "load"])(
  "a %s process loads no second HTTP client, and none of its own before it knows its variant",
  async (entry) => {
    // The second comes with undici's own.
    const clients = ["NativeModule internal/deps/undici/undici", "NativeModule http2"];
    // When it is ready for its first verb.
    const loaded = await loadedBy(pathToFileURL(`${folder}${entry}.js`).href);
    expect(loaded).toContain("NativeModule net");
    // Node 24 has them for a part of its own.
    const ofNode = await loadedBy("node:http");
    for (const client of clients) expect(loaded.includes(client)).toBe(ofNode.includes(client));
  },
);

it("what processes share is free of what none of them uses", async () => {
  const chunks = (await readdir(folder)).filter((name) => name.startsWith("shared-"));
  const sizes = await Promise.all(chunks.map(async (name) => (await stat(folder + name)).size));
  // With zod's texts in all languages it was 1.3 MB.
  expect(Math.max(...sizes)).toBeLessThan(500_000);
});
