import { once } from "node:events";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { firstWords } from "../bench/programs/first-words.ts";
import { fileOfProgram } from "../bench/machine/program-file.ts";
import { programNamed } from "../bench/programs/index.ts";
import { carriersOf, listenerOn } from "../bench/programs/marked-processes.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { portOf } from "../bench/measure/listen.ts";
import type { ProcessEnded } from "../bench/processes/process-ended.ts";
import type { ProgramVerbs } from "../bench/processes/protocol.ts";
import { eventually, isRunning } from "./bench-process.ts";
import { forkProcess } from "./built-engine.ts";
import { browserNames } from "../transports/browser-names.ts";
import { balancers, bothBrowsers, brokers, isMissing } from "./requirements.ts";

const redis = programNamed("redis-server");

describe.skipIf(isMissing(brokers))("a program that a run needs", () => {
  it.each(["redis-server", "nats-server"] as const)(
    "is started, known by its version, and leaves nothing: %s",
    async (name) => {
      const running = await RunningProgram.start(programNamed(name), "broker");
      const { folder, port } = running.place;
      expect(running.version).toMatch(/^\d+\.\d+/);
      const pid = listenerOn(port) ?? 0;
      expect(isRunning(pid)).toBe(true);
      expect(existsSync(folder)).toBe(true);
      running.begin();
      expect(running.end()).toMatchObject({ process: "broker", rssBytes: expect.any(Number) });
      await running[Symbol.asyncDispose]();
      expect(isRunning(pid)).toBe(false);
      expect(existsSync(folder)).toBe(false);
    },
  );

  it("fails and comes back at the same place, its use counted on", async () => {
    await using running = await RunningProgram.start(redis, "broker");
    const { port } = running.place;
    const before = listenerOn(port);
    running.begin();
    await redis.versionAt(running.place);
    const used = running.end()?.cpuMs ?? 0;
    expect(used).toBeGreaterThan(0);
    await running.fail(0);
    const after = listenerOn(port);
    expect(after).not.toBeNull();
    expect(after).not.toBe(before);
    expect(running.end()?.cpuMs).toBeGreaterThanOrEqual(used);
  });

  it("is missed by its name and last words when it ends by itself", async () => {
    await using remote = forkProcess<ProgramVerbs>("bench/processes/program", "broker");
    const { port } = await remote.call("start", { name: "redis-server", as: "broker" });
    process.kill(listenerOn(port) ?? 0, "SIGTERM");
    const ended: ProcessEnded = await remote.ended;
    expect(ended.message).toMatch(/^redis-server: it ended with exit code 0; it said: .*bye bye/);
    expect(ended.stderr).toContain("Received SIGTERM");
  });

  it.each(["redis-server", "nats-server"] as const)(
    "ends with its folder when who runs it is killed: %s",
    async (name) => {
      const remote = forkProcess<ProgramVerbs>("bench/processes/program", "broker");
      const { port } = await remote.call("start", { name, as: "broker" });
      const pid = listenerOn(port) ?? 0;
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      process.kill(remote.pid, "SIGKILL");
      await remote.ended;
      await eventually(() => !isRunning(pid) && !existsSync(folder));
    },
  );
});

describe.skipIf(isMissing(balancers))("a program that stands in front of servers", () => {
  const fronting = {
    servers: [{ host: "127.0.0.1", port: 1 }],
    reads: "http",
    connections: 100,
  } as const;

  it.each(["nginx", "haproxy"] as const)(
    "serves when it says so, without asking them, and again when it was killed: %s",
    async (name) => {
      let asked = 0;
      const behind = createServer(() => (asked += 1)).listen(0, "127.0.0.1");
      await once(behind, "listening");
      const servers = [{ host: "127.0.0.1", port: portOf(behind) }];
      const options = { fronting: { ...fronting, servers } };
      const running = await RunningProgram.start(programNamed(name), "balancer", options);
      const { folder, port } = running.place;
      expect(running.version).toMatch(/^\d+\.\d+/);
      await running.fail(0);
      expect(asked).toBe(0);
      running.begin();
      expect(running.end()).toMatchObject({ process: "balancer", rssBytes: expect.any(Number) });
      const pid = listenerOn(port) ?? 0;
      expect(isRunning(pid)).toBe(true);
      await running[Symbol.asyncDispose]();
      expect(isRunning(pid)).toBe(false);
      expect(listenerOn(port)).toBeNull();
      expect(existsSync(folder)).toBe(false);
      behind.close();
    },
  );

  it.each(["nginx", "haproxy"] as const)(
    "ends with its folder when who runs it is killed: %s",
    async (name) => {
      const remote = forkProcess<ProgramVerbs>("bench/processes/program", "balancer");
      const { port } = await remote.call("start", { name, as: "balancer", fronting });
      const pid = listenerOn(port) ?? 0;
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      process.kill(remote.pid, "SIGKILL");
      await remote.ended;
      await eventually(() => listenerOn(port) === null && !existsSync(folder));
    },
  );
});

describe.skipIf(isMissing(bothBrowsers))("a browser", () => {
  it.each(browserNames)(
    "is known by its version, and leaves no process and no file when who runs it is killed: %s",
    async (name) => {
      const remote = forkProcess<ProgramVerbs>("bench/processes/program", "browser");
      const { port, version } = await remote.call("start", { name, as: "browser" });
      expect(version).toMatch(/^\w+ \d+\.\d+/);
      const pid = listenerOn(port) ?? 0;
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      const all = [pid, ...startedIn(folder)];
      expect(all.length).toBeGreaterThan(1);
      process.kill(remote.pid, "SIGKILL");
      await remote.ended;
      await eventually(() => !all.some(isRunning) && !existsSync(folder));
    },
  );
});

/** What a browser has started that keeps its files there: some of it in sessions of its own. */
function startedIn(folder: string): number[] {
  return carriersOf().filter((pid) =>
    readFileSync(`/proc/${pid}/environ`, "utf8").includes(`\0HOME=${folder}\0`),
  );
}

it("names the package of a program that isn't there", () => {
  expect(() => fileOfProgram({ ...redis, name: "redis-server-9" }, "")).toThrow(
    "redis-server-9 not found; on Debian: apt-get install redis-server",
  );
});

it("doesn't take another program for the one it waits for", async () => {
  const server = createServer((socket) => socket.end("220 mail\r\n")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = { host: "127.0.0.1", port: portOf(server) };
  await expect(firstWords({ ...place, say: "", expects: /^INFO (.*)/ })).rejects.toThrow(
    "it ended the connection",
  );
  server.close();
});
