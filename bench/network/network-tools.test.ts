import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { findTools, runTool } from "./network-tools.ts";

describe("the programs that make a network", () => {
  let folder = "";
  const has = (...names: string[]): string => {
    const path = mkdtempSync(join(folder, "bin-"));
    for (const name of names) {
      writeFileSync(join(path, name), "");
      chmodSync(join(path, name), 0o755);
    }
    return path;
  };
  /** What is looked for where only this folder is. */
  const found = (...folders: string[]): unknown => findTools(folders.join(delimiter), "linux", []);

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "transport-bench-tools-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are found in the first folder that has them", () => {
    const [one, two] = [has("ip", "nsenter"), has("ip", "ethtool", "unshare")];
    expect(found(one, two)).toEqual({
      ip: join(one, "ip"),
      nsenter: join(one, "nsenter"),
      ethtool: join(two, "ethtool"),
      unshare: join(two, "unshare"),
    });
  });

  it("are found in the administrators' folders, which a user's PATH leaves out", () => {
    const all = has("ip", "ethtool", "nsenter", "unshare");
    expect(findTools(has(), "linux", [all]).ip).toBe(join(all, "ip"));
  });

  it.each([
    [["ip", "nsenter", "unshare"], "ethtool not found; on Debian: apt-get install ethtool"],
    [["ip", "ethtool"], "nsenter, unshare not found; on Debian: apt-get install util-linux"],
    [
      [],
      "ip, ethtool, nsenter, unshare not found; on Debian: apt-get install iproute2 ethtool util-linux",
    ],
  ])("that are missing are named with their packages: there is only %j", (there, message) => {
    expect(() => found(has(...there))).toThrow(new BenchError("usage", message));
  });

  it("are neither folders nor files that can't be run", () => {
    const path = has("ip", "nsenter", "unshare");
    mkdirSync(join(path, "ethtool"));
    expect(() => found(path)).toThrow("ethtool not found");
    chmodSync(join(path, "ip"), 0o644);
    expect(() => found(path)).toThrow("ip, ethtool not found");
  });

  it("are not looked for elsewhere than on Linux", () => {
    expect(() => findTools("", "darwin")).toThrow(
      new BenchError("usage", "network namespaces need Linux, and this is darwin"),
    );
  });
});

describe("running a program", () => {
  const script = (text: string): string[] => [process.execPath, "-e", text];

  it("gives it its input", async () => {
    const repeats = `process.stdin.on("data", (text) => { console.error(String(text)); process.exit(1); })`;
    await expect(runTool(script(repeats), "one\ntwo\n")).rejects.toThrow(/^one$/);
    await expect(runTool(script("process.stdin.resume()"), "one\n")).resolves.toBeUndefined();
  });

  it("fails with the first line that it complains", async () => {
    const complains = `console.error("RTNETLINK answers: File exists\\nCommand failed"); process.exit(2);`;
    await expect(runTool(script(complains), "input that nobody reads")).rejects.toThrow(
      /^RTNETLINK answers: File exists$/,
    );
  });

  it("fails when there is none", async () => {
    await expect(runTool(["/no/such/program"])).rejects.toThrow(/ENOENT/);
  });
});
