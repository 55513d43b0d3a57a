import { once } from "node:events";
import type { EventEmitter } from "node:events";
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { ServerResponse } from "node:http";
import { connect as http2 } from "node:http2";
import { request as secure } from "node:https";
import type { RequestOptions } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identityOf } from "../bench/layers/certificate.ts";
import type { Identity } from "../bench/layers/tls.ts";
import { whyNoProgram } from "../bench/machine/program-file.ts";
import { portOf } from "../bench/measure/listen.ts";
import type { ProgramVerbs } from "../bench/processes/protocol.ts";
import type { Fronting, Program } from "../bench/programs/program.ts";
import { proxyProgram } from "../bench/programs/proxy-program.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { defineProxy, isForward } from "../bench/proxies/define-proxy.ts";
import { proxies } from "../bench/proxies/index.ts";
import type { Proxy } from "../bench/proxies/proxy.ts";
import { loadAdapter } from "../bench/settings/adapters.ts";
import { TemporaryFolder, eventually, isRunning } from "./bench-process.ts";
import { forkProcess } from "./built-engine.ts";
import { isMissing } from "./requirements.ts";

/** Requests for /hold that wait, by who sent them. */
const held = new Map<string, ServerResponse>();

const server = createServer(({ url = "" }, response) => {
  if (url.startsWith("/hold")) held.set(url, response);
  else response.end("here");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function started(program: Program, identity?: Identity): Promise<RunningProgram> {
  const servers = [{ host: "127.0.0.1", port: portOf(server) }];
  const fronting: Fronting = { servers, reads: "http", connections: 10 };
  const options = { fronting: { ...fronting, ...(identity !== undefined && { identity }) } };
  return await RunningProgram.start(program, "balancer", options);
}

/** How a proxy ends a connection when the answer is whole is its own affair: also by a reset. */
function endedAnyhow<T extends EventEmitter>(asker: T): T {
  return asker.on("error", () => {});
}

async function answer(port: number, path: string, identity?: Identity): Promise<string> {
  const options: RequestOptions = {
    host: "127.0.0.1",
    port,
    path,
    agent: false,
    headers: { host: "localhost" },
    ...(identity !== undefined && { ca: identity.certificate, servername: "localhost" }),
  };
  const asked = endedAnyhow((identity === undefined ? request : secure)(options)).end();
  const [response] = await once(asked, "response");
  const text = (await response.toArray()).join("");
  return `${response.httpVersion} ${response.statusCode} ${text}`;
}

/** What is asked for by who goes through that proxy. */
function target(proxy: Proxy, path: string): string {
  return isForward(proxy) ? `http://127.0.0.1:${portOf(server)}${path}` : path;
}

async function answerByHttp2(port: number, { certificate }: Identity): Promise<string> {
  const authority = `https://127.0.0.1:${port}`;
  const session = endedAnyhow(http2(authority, { ca: certificate, servername: "localhost" }));
  const asked = session.request({ ":path": "/", ":authority": "localhost" });
  const [{ ":status": status }] = await once(asked, "response");
  const text = (await asked.toArray()).join("");
  session.close();
  return `${session.alpnProtocol} ${status} ${text}`;
}

/** Those that run in a folder, or were told of it. */
function processesOf(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter(
      (pid) => readOrEmpty(`/proc/${pid}/cmdline`).includes(folder) || folderOf(pid) === folder,
    );
}

function folderOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** The folder of the program that a process has started, as it has told it. */
function folderBelow(parent: number): string {
  const told = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map((name) => readOrEmpty(`/proc/${name}/cmdline`));
  const [folder = ""] = told.flatMap(
    (words) => /[^\0=]*\/transport-bench-[^/\0]+/.exec(words) ?? [],
  );
  return folder;
}

function parentOf(pid: string): number {
  return Number(/.*\) \S (\d+) /s.exec(readOrEmpty(`/proc/${pid}/stat`))?.[1]);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Their files of shared memory, which may outlive them. */
function sharedMemoryOf(pids: readonly number[]): string[] {
  return pids.flatMap((pid) => readOrEmpty(`/proc/${pid}/maps`).match(/\/dev\/shm\/\S+/g) ?? []);
}

function isNotHere(proxy: Proxy): boolean {
  // Tests need no more than these: what .ci/run installs.
  const isOfTheMachine = !["nginx", "haproxy", "caddy"].includes(proxy.name);
  return isMissing({
    what: proxy.command ?? proxy.name,
    isMet: () => whyNoProgram(proxy) === null,
    ...(isOfTheMachine && { isOfTheMachine }),
  });
}

const here = proxies.filter((proxy) => !isNotHere(proxy));
const cells = here.flatMap((proxy) =>
  Object.keys(proxy.configurations).map((configuration) => ({
    name: `${proxy.name}:${configuration}`,
    proxy,
    configuration,
  })),
);

describe.concurrent("a proxy", () => {
  it.each(cells)(
    "answers as soon as it says so, goes on when it is reloaded, and leaves nothing: $name",
    async ({ name, proxy, configuration }) => {
      const running = await started(proxyProgram(proxy, configuration));
      const { folder, port } = running.place;
      expect(await answer(port, target(proxy, "/"))).toBe("1.1 200 here");
      expect(running.version).toMatch(/^\d+\.\d+/);
      expect(running.files[0]?.name).toBe(proxy.file);
      if (!isForward(proxy)) expect(running.files[0]?.text).toContain(String(portOf(server)));
      const path = `/hold/${name}`;
      const waiting = answer(port, target(proxy, path));
      await eventually(() => held.has(path));
      await running.reload();
      held.get(path)?.end("late");
      expect(await waiting).toBe("1.1 200 late");
      expect(await answer(port, target(proxy, "/"))).toBe("1.1 200 here");
      const pids = processesOf(folder);
      expect(pids.length).toBeGreaterThan(0);
      const shared = sharedMemoryOf(pids);
      await running[Symbol.asyncDispose]();
      expect(pids.filter(isRunning)).toEqual([]);
      expect(processesOf(folder)).toEqual([]);
      expect([folder, ...shared].filter((file) => existsSync(file))).toEqual([]);
    },
  );

  it.each(cells.filter(({ proxy }) => proxy.listen.tls !== null))(
    "ends TLS, and shows no key: $name",
    async ({ proxy, configuration }) => {
      const identity = await identityOf("ec");
      await using running = await started(proxyProgram(proxy, configuration), identity);
      const { port } = running.place;
      expect(await answer(port, "/", identity)).toBe("1.1 200 here");
      if (proxy.listen.http2) expect(await answerByHttp2(port, identity)).toBe("h2 200 here");
      expect(JSON.stringify(running.files)).not.toContain("PRIVATE KEY");
    },
  );

  it.each(here.map((proxy) => ({ name: proxy.name, proxy })))(
    "ends with its folder when who runs it is killed: $name",
    async ({ proxy }) => {
      const remote = forkProcess<ProgramVerbs>("bench/processes/program", "proxy");
      const servers = [{ host: "127.0.0.1", port: portOf(server) }];
      const { files: written } = await remote.call("start", {
        proxy,
        configuration: "default",
        as: "proxy",
        fronting: { servers, reads: "http", connections: 10 },
      });
      expect(written[0]?.name).toBe(proxy.file);
      const folder = folderBelow(remote.pid);
      expect(existsSync(folder)).toBe(true);
      const pids = processesOf(folder);
      expect(pids.length).toBeGreaterThan(0);
      const files = [folder, ...sharedMemoryOf(pids)];
      process.kill(remote.pid, "SIGKILL");
      await remote.ended;
      await eventually(() => !pids.some(isRunning) && !files.some((file) => existsSync(file)));
    },
  );

  it.each(here.map((proxy) => ({ name: proxy.name, proxy })))(
    "says in one line of its own why it doesn't start: $name",
    async ({ proxy }) => {
      const { default: plain } = proxy.configurations;
      const wrong = { ...plain, text: `{{listen}} {{serverPort}}\nno_such_setting 17\n` };
      const broken = { ...proxy, configurations: { ...proxy.configurations, default: wrong } };
      const starting = started(proxyProgram(defineProxy(broken), "default"));
      await expect(starting).rejects.toThrow(
        new RegExp(`^${proxy.name}: it ended with exit code \\d+; it said: .{10,300}$`),
      );
    },
  );
});

it("is as the documentation shows it for one's own", async () => {
  const [, shown = ""] = /```js\n(.*?)```/s.exec(readFileSync("docs/proxies.md", "utf8")) ?? [];
  using folder = new TemporaryFolder();
  const file = join(folder.path, "lighttpd.mjs");
  writeFileSync(file, shown);
  const { proxies: defined } = await loadAdapter(file);
  expect(defined.map(({ name }) => name)).toEqual(["lighttpd"]);
});
