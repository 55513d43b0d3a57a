import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { TemporaryFolder } from "./bench-process.ts";
import { Servers, againstBuild, verifyDrivable } from "./built-engine.ts";

const thisBuild = join(import.meta.dirname, "..");

/** A build whose load process answers everything with the same. */
function buildThatAnswers(folder: string, answer: string): string {
  const processes = join(folder, "dist/bench/processes");
  mkdirSync(processes, { recursive: true });
  writeFileSync(
    join(processes, "load.js"),
    `process.on("message", ({ id }) => process.send({ id, ${answer} }));
     process.on("disconnect", () => process.exit());`,
  );
  return folder;
}

const servers = new Servers();
afterAll(() => servers[Symbol.asyncDispose]());

describe("bench:self with another state", () => {
  it("has load processes of both builds take the same messages, and relates what they cost", async () => {
    await verifyDrivable(thisBuild, servers);
    const push = againstBuild(thisBuild, servers).find(({ row }) => row.name.includes("SSE"));
    const figures = await push?.play(["second", "first"]);
    expect(figures?.first).toBeGreaterThan(0);
    expect(figures?.second).toBeGreaterThan(0);
  });

  it.each([
    "ok: false, reason: 'no verb called start'",
    "ok: true, value: { connected: 2, arrived: 40, resources: {} }",
    "ok: true, value: null",
  ])("says that one can't be driven that answers { %s }", async (answer) => {
    using folder = new TemporaryFolder();
    await expect(verifyDrivable(buildThatAnswers(folder.path, answer), servers)).rejects.toThrow(
      /^--before: its load process can't be driven by this state: ./,
    );
  });

  it("says so of one that was never built", async () => {
    using folder = new TemporaryFolder();
    await expect(verifyDrivable(folder.path, servers)).rejects.toThrow(
      "its build makes no dist/bench/processes/load.js",
    );
  });
});
