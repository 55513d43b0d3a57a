import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";
import {
  BenchProcess,
  TemporaryFolder,
  bench,
  benchFile,
  eventually,
  isRunning,
} from "./bench-process.ts";
import { freePort } from "../tools/prove/free-port.ts";
import { isMissing, procFiles } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";

const words = (line: string): string[] => line.split(" ");

const short = words(
  "--quick --duration 400ms --warmup 100ms --seed 1 --extra-trials 0 --no-report --out out",
);

const serve = `"${process.execPath}" "${benchFile}" serve`;

function figure({ trials }: Results, scenario: string, key: string): unknown {
  const trial = trials.find((one) => one.scenario === scenario);
  return trial?.figures.find((one) => one.key === key)?.value;
}

describe.concurrent("bench run --target", () => {
  it("measures a server that runs, and says what can't be known of it", async () => {
    using folder = new TemporaryFolder();
    await using server = new BenchProcess(
      folder.path,
      // Whose pong takes longer than this is cut off, as it may on a busy machine.
      words("serve --transport websocket+heartbeat=2s"),
    );
    const url = await server.firstLine();
    const { stdout, code } = await bench(
      folder.path,
      "run",
      ...short,
      ...words("--scenarios echo,overhead --transports websocket+heartbeat=2s"),
      "--target",
      url,
    );
    const results = await readResults(join(folder.path, "out"));
    expect(results.trials.map(({ outcome }) => outcome.status)).not.toContain("failed");
    expect(code).toBe(runCode(results));
    const [echo, overhead] = results.trials;
    if (overhead === undefined) throw new Error("two trials are planned");
    expect(results.run.target).toEqual({ url, command: null, observed: false });
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`target ${url}; its process is not known;`);
    expect(stdout).toContain(`--target ${url}`);

    // RFC 6455: four bytes around 256, and four more on the way up.
    const rated = overhead.phases.find(({ name }) => name === "20 msg/s");
    if (rated === undefined) throw new Error("messages are sent at one rate");
    const { heartbeats } = wireOf(rated).parts;
    const beyond =
      rated.deliveries.delivered * Number(figure(results, "overhead", "overhead.at20"));
    // On a slow machine, pings to each of ten clients and their pongs come meanwhile.
    expect(beyond - heartbeats.down - heartbeats.up).toBeCloseTo(4 * rated.deliveries.delivered, 6);
    expect(figure(results, "overhead", "parts.deliveries")).toBe(4);
    expect(figure(results, "overhead", "parts.upstream")).toBe(8);
    expect(figure(results, "overhead", "theory.deliveries")).toBeNull();
    expect(figure(results, "echo", "overhead")).toBeNull();
    expect(figure(results, "echo", "cpu.server")).toBeNull();
    expect(echo?.phases.map(({ wire }) => wire)).toEqual([null, null, null]);
    const idle = overhead.phases.find(({ name }) => name === "idle");
    expect(idle === undefined ? 0 : wireOf(idle).parts.heartbeats.down % 2).toBe(0);
    expect(echo?.phases[0]?.resources.map(({ process }) => process)).toEqual(["publisher", "load"]);
  });

  it.skipIf(isMissing(procFiles))(
    "starts a command for each trial, looks at its process, and ends it",
    async () => {
      using folder = new TemporaryFolder();
      const url = `https://localhost:${await freePort()}`;
      const command = `echo $$ >> pids; exec ${serve} --transport sse+h2 --certificate own.pem`;
      await bench(
        folder.path,
        "run",
        ...short,
        ...words("--scenarios echo --transports sse+h2 --trials 2 --ca own.pem"),
        "--target",
        url,
        "--target-command",
        command,
      );
      const results = await readResults(join(folder.path, "out"));
      expect(results.run.target).toEqual({ url, command, observed: true });
      expect(results.trials).toHaveLength(2);
      for (const { outcome, phases } of results.trials) {
        expect(outcome.status).not.toBe("failed");
        const server = phases.at(-1)?.resources.find(({ process }) => process === "server");
        expect(server?.cpuMs).toBeGreaterThan(0);
        expect(server?.rssBytes).toBeGreaterThan(20e6);
        expect(phases.at(-1)?.deliveries.lost).toBe(0);
      }
      // Once more for the proof that it works at all.
      expect(pidsIn(folder.path)).toHaveLength(3);

      // A results file may be anybody's: what stands in it is not started.
      const again = words("reproduce out --no-report --out again --quiet --ca own.pem");
      const refused = await bench(folder.path, ...again);
      expect(refused.stderr).toContain(
        "measured a server that was started for each trial: give --target-command",
      );
      expect(refused.code).toBe(2);
      expect(pidsIn(folder.path)).toHaveLength(3);
      await bench(folder.path, ...again, "--target-command", command);
      const reproduced = await readResults(join(folder.path, "again"));
      expect(reproduced.run.target).toEqual(results.run.target);
      expect(pidsIn(folder.path).filter(isRunning)).toEqual([]);
    },
  );

  it.skipIf(isMissing(procFiles)).each([
    ["when it is interrupted", (run: BenchProcess) => run.signal("SIGINT")],
    ["when it is killed", (run: BenchProcess) => run.signal("SIGKILL")],
    [
      "when its publisher is killed",
      async (run: BenchProcess) =>
        (await run.measuring("publisher")).forEach((pid) => process.kill(pid, "SIGKILL")),
    ],
    [
      "when the server dies",
      async (_run: BenchProcess, [server = Number.NaN]: number[]) =>
        process.kill(server, "SIGKILL"),
    ],
  ])("leaves nothing of a stubborn command behind %s", async (_when, strike) => {
    using folder = new TemporaryFolder();
    const url = `http://127.0.0.1:${await freePort()}`;
    // Neither of them ends when it is asked to.
    const command =
      `if [ -e proven ]; then trap "" TERM; sleep 1000 & echo $! $$ > pids; fi; touch proven; ` +
      `${serve} --transport sse`;
    await using run = new BenchProcess(folder.path, [
      "run",
      ...short,
      ...words("--scenarios echo --transports sse --clients 2 --rate 5 --duration 30s --quiet"),
      "--target",
      url,
      "--target-command",
      command,
    ]);
    await run.until(() => pidsIn(folder.path).length === 2 && isConnectedTo(url));
    const pids = pidsIn(folder.path);
    await strike(run, pids.slice(1));
    const { code, signal } = await run.ended;
    // A publisher is the harness's own: what happens to it says nothing about the server.
    expect([1, 3, 130, null]).toContain(code);
    if (signal === null) {
      const [trial] = (await run.results()).trials;
      expect(trial?.outcome.status).toMatch(/^(failed|interrupted)$/);
    }
    await eventually(() => pids.filter(isRunning).length === 0);
  });

  it("doesn't measure another server than the one that it would start", async () => {
    using folder = new TemporaryFolder();
    await using server = new BenchProcess(folder.path, words("serve --transport sse"));
    const url = await server.firstLine();
    const { stderr, code } = await bench(
      folder.path,
      "run",
      ...short,
      ...words("--scenarios echo --transports sse"),
      "--target",
      url,
      "--target-command",
      "touch started",
    );
    expect(stderr).toContain(`error: --target, with sse: something else already answers at ${url}`);
    expect(stderr).toMatch(/: process \d+ \(.*\)\n$/);
    expect(code).toBe(2);
    expect(existsSync(join(folder.path, "started"))).toBe(false);
    expect(existsSync(join(folder.path, "out"))).toBe(false);
  });

  it.each([
    ["exit 3", "never answered: it ended with exit code 3"],
    ["echo TypeError: my bad; exit 3", "it ended with exit code 3; it said: TypeError: my bad"],
    [`${serve} --transport websocket`, "see npx transport-bench conformance URL --transport sse"],
  ])("tells in one line that a command doesn't serve: %s", async (command, reason) => {
    using folder = new TemporaryFolder();
    const url = `http://127.0.0.1:${await freePort()}`;
    const { stderr, code } = await bench(
      folder.path,
      "run",
      ...short,
      ...words("--scenarios echo --transports sse"),
      "--target",
      url,
      "--target-command",
      command,
    );
    expect(stderr).toContain(reason.replace("URL", url));
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });
});

describe.concurrent("bench serve", () => {
  it("prints its URL, serves, and ends when it is told to, whoever is connected", async () => {
    using folder = new TemporaryFolder();
    await using server = new BenchProcess(folder.path, words("serve --transport sse"));
    const url = await server.firstLine();
    const stream = await fetch(`${url}/sse/all`);
    await fetch(`${url}/send/all`, { method: "POST", body: "hello" });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("data: hello")) text += (await reader?.read())?.value ?? "";
    expect(text).toMatch(/^event: hello\nid: 0\n/);
    server.signal("SIGTERM");
    expect((await server.ended).code).toBe(0);
  });

  it("has the layers that it is asked for, and gives its certificate to whoever is to trust it", async () => {
    using folder = new TemporaryFolder();
    const certificate = join(folder.path, "own.pem");
    await using server = new BenchProcess(
      folder.path,
      words("serve --transport sse+h2+batch=20ms --certificate own.pem"),
    );
    const url = await server.firstLine();
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    const session = connect(url, { ca: readFileSync(certificate) });
    const stream = session.request({ ":path": "/sse/all" }).setEncoding("utf8");
    let text = "";
    for await (const piece of stream) {
      if (text === "") {
        for (const body of ["one", "two"]) {
          session.request({ ":path": "/send/all", ":method": "POST" }).end(body);
        }
      }
      text += String(piece);
      if (text.includes("3:one3:two")) break;
    }
    session.destroy();

    const other = await bench(
      folder.path,
      "serve",
      ...words("--transport sse --certificate own.pem"),
    );
    expect(other.stderr).toContain("--certificate has no effect without +tls or +h2");
    writeFileSync(certificate, "something else");
    const refused = await bench(
      folder.path,
      ...words("serve --transport sse+tls --certificate own.pem"),
    );
    expect(refused.stderr).toContain("--certificate: can't write own.pem: there is something else");
    expect(readFileSync(certificate, "utf8")).toBe("something else");
  });

  it("makes the faults that it is asked for", async () => {
    using folder = new TemporaryFolder();
    const fault = JSON.stringify({ kind: "drop", atMessage: 1 });
    await using server = new BenchProcess(folder.path, words("serve --transport long-polling"), [
      "env",
      `TRANSPORT_BENCH_FAULT=${fault}`,
    ]);
    const url = await server.firstLine();
    for (const body of ["one", "two"]) await fetch(`${url}/send/all`, { method: "POST", body });
    expect(await (await fetch(`${url}/poll/all?after=0`)).text()).toBe("3\ntwo");
  });
});

function pidsIn(folder: string): number[] {
  const path = join(folder, "pids");
  return existsSync(path)
    ? readFileSync(path, "utf8").split(/\s+/).filter(Boolean).map(Number)
    : [];
}

/** Whether any client is: a trial is on then, and who has started the server is known to who watches over it. */
function isConnectedTo(url: string): boolean {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
  const established = new RegExp(String.raw`^\s*\d+: [\dA-F:]+ 0100007F:${port} 01 `, "m");
  return established.test(readFileSync("/proc/net/tcp", "utf8"));
}
