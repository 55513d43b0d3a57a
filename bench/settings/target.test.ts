import { describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { admittedTarget, parseTargetUrl, recordedTarget } from "./target.ts";
import type { TargetProcess } from "./target.ts";

const unknown: TargetProcess = { kind: "unknown" };

describe("the URL of a target", () => {
  it.each([
    ["http://127.0.0.1:3000", "127.0.0.1", 3_000, "127.0.0.1:3000"],
    ["http://localhost:3000/", "localhost", 3_000, "localhost:3000"],
    ["http://localhost", "localhost", 80, "localhost"],
    ["http://[::1]:3000", "::1", 3_000, "[::1]:3000"],
    ["https://localhost:3000", "localhost", 3_000, "localhost:3000"],
    ["https://localhost", "localhost", 443, "localhost"],
  ])("%s is a host and a port", (text, host, port, authority) => {
    const parsed = parseTargetUrl(text);
    expect(parsed).toMatchObject({ host, port });
    expect(new URL(parsed.url).host).toBe(authority);
  });

  it.each([
    "",
    "localhost:3000",
    "http://localhost:3000/sse",
    "http://localhost:3000?a=b",
    "http://localhost:3000#a",
    "http://localhost:99999",
  ])("%j is none", (text) => {
    expect(() => parseTargetUrl(text)).toThrow("is not http://host:port or https://host:port");
  });

  it("has no user and password", () => {
    expect(() => parseTargetUrl("http://me:secret@localhost:3000")).toThrow(
      new BenchError(
        "usage",
        "a URL with a user or password isn't taken; give Authorization by headers of a config file",
      ),
    );
  });
});

it.each([
  ["ws://localhost:3000", "http://localhost:3000"],
  ["wss://localhost:3000", "https://localhost:3000"],
])("%s is a server, whatever it is asked for", (text, url) => {
  expect(parseTargetUrl(text).url).toBe(url);
});

describe("a URL of what is not supported yet", () => {
  it.each([
    ["http://localhost:3000/sockjs/", "SockJS is not supported yet"],
    ["grpc://localhost:50051", "gRPC is not supported yet"],
    ["mqtt://localhost", "MQTT is not supported yet"],
  ])("%s says so, and what to give", (url, reason) => {
    expect(() => parseTargetUrl(url)).toThrow(`"${url}": ${reason}; give http://host:port`);
  });

  it("is none whose host merely has such a name", () => {
    expect(parseTargetUrl("http://grpc.localhost:3000").host).toBe("grpc.localhost");
  });
});

describe("a target", () => {
  it.each(["127.0.0.1", "127.9.9.9", "[::1]", "localhost", "2130706433"])(
    "on %s is this machine, and admitted",
    async (host) => {
      const target = await admittedTarget(`http://${host}:3000`, unknown, []);
      expect(target.addresses.length).toBeGreaterThan(0);
    },
  );

  it.each(["192.0.2.7", "0.0.0.0", "[2001:db8::1]", "[::ffff:192.0.2.7]"])(
    "on %s is refused, with the reason and the way out",
    async (host) => {
      const refused = admittedTarget(`http://${host}:3000`, unknown, ["example.org"]);
      await expect(refused).rejects.toThrow(/not this machine.* "allowTargets": \["/);
    },
  );

  it("elsewhere is admitted when the config file names its host, and only that", async () => {
    const allowed = await admittedTarget("http://192.0.2.7:3000", unknown, ["192.0.2.7"]);
    expect(allowed.addresses).toEqual(["192.0.2.7"]);
    const other = admittedTarget("http://192.0.2.8:3000", unknown, ["192.0.2.7"]);
    await expect(other).rejects.toThrow("192.0.2.8 is not this machine");
  });

  it("is recorded with how it was started", async () => {
    const command = "node server.js";
    const started = { kind: "command", command, startTimeoutMs: 10_000 } as const;
    const target = await admittedTarget("http://127.0.0.1:3000", started, []);
    expect(recordedTarget(target)).toEqual({
      url: "http://127.0.0.1:3000",
      command,
      observed: true,
    });
    expect(recordedTarget({ ...target, process: unknown })?.observed).toBe(false);
    expect(recordedTarget(null)).toBeNull();
  });

  it("is recorded as not verified where it isn't", async () => {
    const recorded = async (url: string, isVerified: boolean): Promise<unknown> =>
      recordedTarget(await admittedTarget(url, unknown, [], { ca: null, isVerified }))?.unverified;
    expect(await recorded("https://127.0.0.1:3000", false)).toBe(true);
    expect(await recorded("https://127.0.0.1:3000", true)).toBeUndefined();
    expect(await recorded("http://127.0.0.1:3000", true)).toBeUndefined();
  });
});
