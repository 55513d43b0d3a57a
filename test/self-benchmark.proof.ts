import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { TemporaryFolder } from "./bench-process.ts";
import { Servers, againstBare, againstBuild, playableBy, verifyDrivable } from "./built-engine.ts";

const thisBuild = join(import.meta.dirname, "..");

/** A build with this load process. */
function buildWith(folder: string, load: string): string {
  const processes = join(folder, "dist/bench/processes");
  mkdirSync(processes, { recursive: true });
  writeFileSync(join(processes, "load.js"), load);
  // As in this project: `load` may wait for what it imports.
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  return folder;
}

/** A build whose load process answers everything with the same. */
function buildThatAnswers(folder: string, answer: string): string {
  return buildWith(
    folder,
    `process.on("message", ({ id }) => process.send({ id, ${answer} }));
     process.on("disconnect", () => process.exit());`,
  );
}

/** This build, as if it knew nothing of a transport. */
function buildWithout(folder: string, transport: string): string {
  const load = pathToFileURL(join(thisBuild, "dist/bench/processes/load.js")).href;
  const refusal = `ok: false, reason: 'unknown transport "${transport}"'`;
  return buildWith(
    folder,
    `const listen = process.on.bind(process);
     process.on = (name, listener) =>
       listen(name, (...args) => {
         const [{ id, args: { variant } = {} } = {}] = name === "message" ? args : [];
         if (variant?.transport === "${transport}") process.send({ id, ${refusal} });
         else listener(...args);
       });
     await import("${load}");`,
  );
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

  it("leaves out what it doesn't know, and says so once for each", async () => {
    using folder = new TemporaryFolder();
    const build = buildWithout(folder.path, "streaming");
    await verifyDrivable(build, servers);
    const all = againstBuild(build, servers);
    const leftOut: string[] = [];
    const playable = await playableBy(build, all, servers, ({ row }, reason) =>
      leftOut.push(`${row.name}: ${reason}`),
    );
    expect(leftOut).toEqual([
      expect.stringMatching(/^streaming.*: load: unknown transport "streaming"$/),
    ]);
    expect(playable).toHaveLength(all.length - 1);
  });
});

describe("bench:self against bare loops", () => {
  it.each(["push +tls", "push +h2", "push +deflate", "serving WebSocket +tls", "serving SSE +h2"])(
    "has both sides do the same work in %s",
    async (name) => {
      const contest = againstBare(servers).find(({ row }) => row.name.includes(name));
      const figures = await contest?.play(["first", "second"]);
      expect(figures?.first).toBeGreaterThan(0);
      expect(figures?.second).toBeGreaterThan(0);
    },
  );
});
