import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfigFile } from "./config-file.ts";
import { BenchError } from "../errors/errors.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "transport-bench-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("a config file", () => {
  it.each([
    [
      "bench.config.ts",
      'interface Mine { clients: number }\nexport default { clients: 5, duration: "2s" } as Mine;',
    ],
    ["bench.config.js", 'export default { clients: 5, duration: "2s" };'],
    ["bench.config.cjs", 'module.exports = { clients: 5, duration: "2s" };'],
    ["bench.config.mjs", 'const clients = await 5;\nexport default { clients, duration: "2s" };'],
    ["bench.config.json", '{ "clients": 5, "duration": "2s" }'],
    ["any-name.json", '{ "clients": "5", "duration": 2000 }'],
  ])("may be %s", async (name, text) => {
    const path = await fileOf(name, text);
    expect(await readConfigFile({ config: path })).toMatchObject({
      path,
      settings: { clients: 5, duration: 2_000 },
    });
  });

  it.each([
    ["bench.config.ts", "export default { clients: 5"],
    ["bench.config.js", "export default {{"],
    ["bench.config.json", '{ "clients": 5,'],
    ["bench.config.json", ""],
    ["bench.config.ts", 'throw new Error("first line\\nsecond line");'],
    ["bench.config.ts", 'import "./not-there.ts";\nexport default {};'],
  ])("that can't be read is named in one line: %s holding %j", async (name, text) => {
    const path = await fileOf(name, text);
    const error: unknown = await readConfigFile({ config: path }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(BenchError);
    expect(error).toMatchObject({ code: "usage" });
    const message = error instanceof Error ? error.message : "";
    expect(message.startsWith(path)).toBe(true);
    expect(message).not.toContain("\n");
  });

  it("that isn't there is told by the flag that names it", async () => {
    const path = join(folder, "missing.ts");
    await expect(readConfigFile({ config: path })).rejects.toThrow(
      new BenchError("usage", `--config: there is no file ${path}`),
    );
  });

  it("with a wrong value names the field and the file", async () => {
    const path = await fileOf("bench.config.json", '{ "clients": 0 }');
    await expect(readConfigFile({ config: path })).rejects.toThrow(
      new BenchError("usage", `clients in ${path}: 0 is not a whole number from 1 to 250000`),
    );
  });

  it.each([
    [5, /^check in \S+: the number 5 is not an object with baseline, gates, /],
    ["x", /^check in \S+: a string of 1 characters is not an object with /],
    [null, /^check in \S+: null is not an object with /],
    [{ gates: "p50" }, /^check\.gates in \S+: a string of 3 characters is not a list of metrics/],
    [{ margins: "10%" }, /^check\.margins in \S+: a string .* is not an object of margins/],
    [{ margins: { p50: 5 } }, /^check\.margins\.p50 in \S+: the number 5 is not a text/],
    [{ budgets: [["loss"]] }, /^check\.budgets\.0 in \S+: a list is not a text/],
    [{ budgets: ["x".repeat(501)] }, /^check\.budgets\.0 in \S+: a string of 501 characters is/],
    [{ pairs: 6.5 }, /^check\.pairs in \S+: the number 6\.5 is not a whole number from 7 to 200/],
    [{ inconclusive: 3 }, /^check\.inconclusive in \S+: 3 is not "pass" or "fail"/],
  ])("names what stands where something else belongs: %j", async (check, message) => {
    const path = await fileOf("bench.config.json", JSON.stringify({ check }));
    await expect(readConfigFile({ config: path })).rejects.toThrow(message);
  });

  it.each([
    ["bench.config.ts", "export default 5;"],
    ["bench.config.json", "true"],
    ["bench.config.json", "[]"],
  ])("must hold an object: %s holding %s", async (name, text) => {
    const path = await fileOf(name, text);
    await expect(readConfigFile({ config: path })).rejects.toThrow(
      new BenchError("usage", `${path} must hold an object`),
    );
  });
});

describe("a config file that means no good is named in one line:", () => {
  const complaintOf = async (name: string, text: string): Promise<string> => {
    const path = await fileOf(name, text);
    const error: unknown = await readConfigFile({ config: path }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(BenchError);
    return error instanceof Error ? error.message.replace(path, "FILE") : "";
  };

  it.each([
    ["a getter that throws", "export default { get clients() { throw new Error('no'); } };", "no"],
    ["a proxy", "export default new Proxy({}, { ownKeys() { throw 1; } });", "plain data"],
    ["a function", "export default { clients: () => 5 };", "plain data"],
    ["a map", 'export default new Map([["clients", 3]]);', "its default export is a Map"],
    ["no default export", "export const clients = 3;", "it has no default export"],
    ["nothing at all", "", "it has no default export"],
    ["null", "export default null;", "its default export is nothing"],
    ["an exception of nothing", "throw undefined;", "it throws undefined"],
    ["a rejected promise", "export default Promise.reject(new Error('later'));", "later"],
    ["a promise that nobody waits for", "Promise.reject(1); await new Promise(() => {});", "1"],
    [
      "an exception thrown later",
      "setTimeout(() => { throw 5 }); await new Promise(() => {});",
      "5",
    ],
    ["what can't be shown", "throw { toString() { throw 1; } };", "a value that can't be shown"],
    ["a promise without an end", "await new Promise(() => {});", "has exported its settings"],
    ["a cycle", "const a = { clients: [] }; a.clients.push(a); export default a;", "[Object]"],
  ])("%s", async (_, text, why) => {
    const message = await complaintOf("bench.config.mjs", text);
    expect(message).toContain("FILE");
    expect(message).toContain(why);
    expect(message).not.toContain("\n");
  });

  it("ten thousand levels", async () => {
    const deep = `{"clients":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
    expect(await complaintOf("deep.json", deep)).toMatch(/^clients in FILE: \[/);
    expect(await complaintOf("deep.mjs", `export default ${deep};`)).toContain("FILE");
  });

  it("more than 10 MB", async () => {
    const large = `{"clients":5${" ".repeat(10 * 1024 * 1024)}}`;
    expect(await complaintOf("large.json", large)).toBe(
      "FILE can't be read: it is larger than 10 MiB",
    );
  });

  it.runIf(process.platform === "linux")("a device without an end", async () => {
    await expect(readConfigFile({ config: "/dev/zero" })).rejects.toThrow(
      new BenchError("usage", "/dev/zero can't be read: it is not a file"),
    );
  });

  it("but a timer that would keep it alive doesn't matter", async () => {
    const path = await fileOf("bench.config.ts", "setInterval(() => {}, 9); export default {};");
    expect(await readConfigFile({ config: path })).toMatchObject({ settings: {} });
  });
});
