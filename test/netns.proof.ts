import { readFileSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import type { Ended } from "./bench-process.ts";
import {
  BenchProcess,
  TemporaryFolder,
  bench,
  eventually,
  isRunning,
  listeningAddresses,
} from "./bench-process.ts";
import { isMissing, privateNetwork, unprivileged, userNamespaces } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";

const words = (line: string): string[] => line.split(" ");

const quick = words(
  "run --no-report --netns --quick --scenarios overhead --duration 200ms --warmup 0ms --extra-trials 0 " +
    "--seed 1 --out out --transports",
);

/** Long enough that something can break in the middle. */
const lasting = (duration: string): string[] =>
  words(
    "run --no-report --netns --scenarios echo --transports websocket --trials 2 --warmup 0ms " +
      `--seed 1 --extra-trials 0 --out out --duration ${duration}`,
  );

/** Longer than any test may take. */
const endless = lasting("20m");

/** The network namespace of a process; empty when it has ended. */
function namespaceOf(pid: number | "self"): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return "";
  }
}

/**
 * The namespaces that a run has made for its trial, as soon as its processes are in them. Of its other
 * children some end at any moment: commands that set a network up, and that look at it.
 */
async function namespacesOf(run: BenchProcess): Promise<ReadonlySet<string>> {
  const own = namespaceOf("self");
  let found: string[] = [];
  await run.until(async () => {
    const [server = 0] = await run.measuring("server");
    const [load = 0] = await run.measuring("load");
    found = [server, load].map(namespaceOf);
    return found.every((namespace) => ![own, ""].includes(namespace));
  });
  return new Set(found);
}

/**
 * Whoever of a run is in one of these namespaces; without anyone a namespace is gone. A run is known by its
 * folder: the kernel gives the numbers of namespaces that are gone to the next ones, also of other tests.
 */
function inhabitants(namespaces: ReadonlySet<string>, folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => namespaces.has(namespaceOf(pid)) && isIn(pid, folder) && isRunning(pid));
}

function isIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

/** The names of all devices in our own namespace. */
function devices(): string[] {
  return [...readFileSync("/proc/self/net/dev", "utf8").matchAll(/^\s*(\S+):/gm)].map(
    ([, name = ""]) => name,
  );
}

/** So that a signal can reach all processes of a run, as Ctrl-C does. */
const ownSession = ["setsid"];

/** Waits until a run is in the middle of a trial: its namespaces, and all processes that it has started. */
async function midway(
  run: BenchProcess,
  folder: TemporaryFolder,
): Promise<{ namespaces: ReadonlySet<string>; children: number[] }> {
  const namespaces = await namespacesOf(run);
  expect(namespaces.size).toBe(2);
  const [server = 0] = await run.measuring("server");
  await run.until(() => listeningAddresses(server).length > 0);
  // 198.18.0.1, and nothing that could be reached from elsewhere.
  expect(listeningAddresses(server)).toEqual([expect.stringMatching(/^010012C6:/)]);
  // Nobody else of the run is left outside.
  await run.until(() =>
    isDeepStrictEqual(new Set(inhabitants(namespaces, folder.path)), new Set(run.children())),
  );
  return { namespaces, children: run.children() };
}

describe.skipIf(isMissing(privateNetwork))("bench run --netns", () => {
  it("states what stood on the wire, and leaves nothing", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(folder.path, [
      ...quick,
      "sse+heartbeat=1s,websocket+heartbeat=1s",
    ]);
    const namespaces = await namespacesOf(process);
    const { stdout, stderr, code } = await process.ended;
    const results = await process.results();
    expect({ stderr: /error/.test(stderr), code }).toEqual({
      stderr: false,
      code: runCode(results),
    });
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("seed 1, in network namespaces");
    expect(stdout).toContain("overhead: on the wire, with the headers of TCP and IP");
    expect(stdout).toMatch(/^Repeat: .* --netns/m);
    const { run, trials } = results;
    expect(run.netns).toBe(true);
    for (const phase of trials.flatMap(({ phases }) => phases)) {
      const { name } = phase;
      const wire = wireOf(phase);
      const { link } = wire;
      if (link === null) throw new Error(`${name} has no link`);
      // Each segment has at least the 20 bytes of IP and the 20 of TCP.
      const segments = link.segments.down + link.segments.up;
      const payload = wire.total.down + wire.total.up;
      expect(link.ipBytes.down + link.ipBytes.up).toBeGreaterThanOrEqual(payload + 40 * segments);
      expect(link.acknowledgements.down).toBeGreaterThanOrEqual(0);
      expect(link.acknowledgements.down).toBeLessThanOrEqual(link.segments.down);
      expect(link.acknowledgements.up).toBeGreaterThanOrEqual(0);
      expect(link.acknowledgements.up).toBeLessThanOrEqual(link.segments.up);
    }
    await eventually(() => inhabitants(namespaces, folder.path).length === 0);
  });

  it("counts nothing, and says so, when it isn't asked for", async () => {
    using folder = new TemporaryFolder();
    const { stdout } = await bench(
      folder.path,
      ...words(
        "run --no-report --quick --scenarios echo --duration 100ms --warmup 0ms --extra-trials 0 " +
          "--transports websocket --seed 1 --out out",
      ),
    );
    expect(stdout).not.toMatch(/on the wire|namespace/);
    const results = readFileSync(join(folder.path, "out/results.json"), "utf8");
    expect(JSON.parse(results)).toMatchObject({ run: { netns: false } });
    expect(results).toMatch(/"link": ?null/);
  });

  it.skipIf(isMissing(userNamespaces))("needs no special right", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(folder.path, [...quick, "websocket"], unprivileged);
    const namespaces = await namespacesOf(process);
    const [server = 0] = await process.measuring("server");
    expect(readlinkSync(`/proc/${server}/ns/user`)).not.toBe(readlinkSync("/proc/self/ns/user"));
    const { code } = await process.ended;
    const results = await process.results();
    expect(code).toBe(runCode(results));
    const [trial] = results.trials;
    expect(trial?.phases.map((phase) => wireOf(phase).link)).not.toContain(null);
    await eventually(() => inhabitants(namespaces, folder.path).length === 0);
  });
});

describe.skipIf(isMissing(privateNetwork))("no namespace, device or process is left", () => {
  it("after Ctrl-C, which keeps what was measured", async () => {
    using folder = new TemporaryFolder();
    const before = devices();
    await using run = new BenchProcess(folder.path, endless, ownSession);
    const { namespaces, children } = await midway(run, folder);
    process.kill(-run.pid, "SIGINT");
    expect((await run.ended).code).toBe(130);
    expect((await run.results()).run.status).toBe("interrupted");
    expect(children.filter(isRunning)).toEqual([]);
    expect(inhabitants(namespaces, folder.path)).toEqual([]);
    expect(devices()).toEqual(before);
  });

  it("after bench was killed", async () => {
    using folder = new TemporaryFolder();
    const before = devices();
    await using run = new BenchProcess(folder.path, endless, ownSession);
    const { namespaces, children } = await midway(run, folder);
    run.signal("SIGKILL");
    await run.ended;
    await eventually(
      () => !children.some(isRunning) && inhabitants(namespaces, folder.path).length === 0,
    );
    expect(devices()).toEqual(before);
  });

  it("after a server was killed, and the next trial has a network of its own", async () => {
    using folder = new TemporaryFolder();
    const before = devices();
    await using run = new BenchProcess(folder.path, lasting("4s"), ownSession);
    const { namespaces, children } = await midway(run, folder);
    const [server = 0] = await run.measuring("server");
    process.kill(server, "SIGKILL");
    expect((await run.ended).code).toBe(1);
    const [first, second] = (await run.results()).trials;
    expect(first?.outcome).toMatchObject({ reason: "the server process ended with SIGKILL" });
    expect(second?.phases.map((phase) => wireOf(phase).link)).not.toContain(null);
    expect(children.filter(isRunning)).toEqual([]);
    expect(inhabitants(namespaces, folder.path)).toEqual([]);
    expect(devices()).toEqual(before);
  });
});

describe.skipIf(isMissing(privateNetwork))("where it can't, --netns is refused in one line", () => {
  const refused = async (wrapper: readonly string[]): Promise<Ended & { left: string[] }> => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(folder.path, endless, wrapper);
    return { ...(await process.ended), left: readdirSync(folder.path) };
  };
  /** Runs bench in namespaces of its own, after a command. */
  const afterwards = (options: readonly string[], command: string): string[] => [
    "unshare",
    ...options,
    "bash",
    "-ec",
    `${command}; exec "$0" "$@"`,
  ];

  it.each([
    [
      "a program is missing",
      ["--mount"],
      `mount --bind /dev/null "$(command -v ethtool)"`,
      "--netns: ethtool not found; on Debian: apt-get install ethtool",
    ],
    [
      "there is no right to a namespace",
      ["--user", "--map-root-user"],
      "echo 0 > /proc/sys/user/max_net_namespaces",
      "--netns: not permitted to create namespaces (unshare: unshare failed: No space left on device); " +
        "run as root, or allow user namespaces",
    ],
    [
      "there is no right to a second one",
      ["--user", "--map-root-user"],
      "echo 1 > /proc/sys/user/max_net_namespaces",
      "--netns: can't connect two network namespaces " +
        "(unshare: unshare failed: No space left on device)",
    ],
  ])("when %s", async (_what, options, command, message) => {
    const { code, stdout, stderr, left } = await refused(afterwards(options, command));
    expect({ code, stdout, stderr, left }).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${message}\n`,
      left: [],
    });
  });
});
