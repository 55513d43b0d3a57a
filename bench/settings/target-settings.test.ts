import { describe, expect, it } from "vitest";
import { isMissing, procFiles } from "../../test/requirements.ts";
import { resolveConfig } from "./config.ts";
import { asFlag } from "./naming.ts";
import { planRun } from "../plan/plan.ts";
import { targetOf } from "./target-settings.ts";

const plain = "http://127.0.0.1:3000";
const target = [plain];
const secure = "https://127.0.0.1:3000";
const two = [...target, "http://127.0.0.1:3001"];

describe("settings that name a target", () => {
  it("are none where none is named", async () => {
    expect(await targetOf({}, { allowTargets: [] }, asFlag)).toBeNull();
  });

  it("say which process serves, or how it is started", async () => {
    const command = { target, targetCommand: "node server.js" };
    expect((await targetOf({ target }, { allowTargets: [] }, asFlag))?.process).toEqual({
      kind: "unknown",
    });
    expect((await targetOf(command, { allowTargets: [] }, asFlag))?.process).toEqual({
      kind: "command",
      command: "node server.js",
      startTimeoutMs: 10_000,
    });
    const patient = await targetOf(
      { ...command, startTimeout: 30_000 },
      { allowTargets: [] },
      asFlag,
    );
    expect(patient?.process).toMatchObject({ startTimeoutMs: 30_000 });
  });

  it.skipIf(isMissing(procFiles))(
    "take a process that can be inspected, and no other",
    async () => {
      const own = { target, targetPid: [process.pid] };
      expect((await targetOf(own, { allowTargets: [] }, asFlag))?.process).toEqual({
        kind: "running",
        pid: process.pid,
      });
      await expect(
        targetOf({ target, targetPid: [4_194_304] }, { allowTargets: [] }, asFlag),
      ).rejects.toThrow("--target-pid: 4194304 is not a running process");
    },
  );

  it("may name several servers, which share the clients", async () => {
    const fleet = await targetOf({ target: two }, { allowTargets: [] }, asFlag);
    expect(fleet?.others?.map(({ url }) => url)).toEqual(two.slice(1));
    const { servers } = resolveConfig({}, asFlag, 1, fleet);
    expect(servers).toBe(2);
    expect(() => resolveConfig({ servers: 2 }, asFlag, 1, fleet)).toThrow(
      "--servers and --target exclude each other: name each of your own servers",
    );
  });

  it.each([
    [{ targetPid: [1] }, "--target-pid has no effect without --target"],
    [{ targetCommand: "x" }, "--target-command has no effect without --target"],
    [{ target, startTimeout: 1_000 }, "--start-timeout has no effect without --target-command"],
    [{ target, targetPid: [1], targetCommand: "x" }, "--target-pid and --target-command exclude"],
    [{ target: ["x"] }, '--target: "x" is not http://host:port'],
    [{ ca: "x" }, "--ca has no effect without --target"],
    [{ target, insecure: true }, "--insecure has no effect without https://"],
    [{ target: [secure], ca: "x", insecure: true }, "--ca and --insecure exclude each other"],
    [{ target: [secure], ca: "none.pem" }, "--ca: none.pem can't be read (ENOENT)"],
    [{ target: [secure], ca: "package.json" }, "--ca: package.json holds no certificate in PEM"],
    [{ target: ["http://192.0.2.7:80"] }, "--target: 192.0.2.7 is not this machine"],
    [{ target: [...target, ...target] }, "--target: http://127.0.0.1:3000 is named twice"],
    [{ target: [...target, "http://192.0.2.7:80"] }, "--target: 192.0.2.7 is not this machine"],
    [
      { target: two, targetPid: [1] },
      "--target-pid: 2 servers are named, and 1 of their processes",
    ],
    [
      { target: two, targetCommand: "x" },
      "--target-command: it starts one server, and 2 are named",
    ],
  ])("%j are refused: %s", async (settings, reason) => {
    await expect(targetOf(settings, { allowTargets: [] }, asFlag)).rejects.toThrow(reason);
  });
});

describe("a run of a target", () => {
  const configWith = async (settings: Parameters<typeof resolveConfig>[0]) =>
    resolveConfig(settings, asFlag, 1, await targetOf({ target }, { allowTargets: [] }, asFlag));

  it("leaves the floor out, since nobody writes one", async () => {
    const { variants } = await configWith({});
    const names = variants.map(({ name }) => name);
    expect(names).toEqual(["short-polling", "long-polling", "sse", "websocket"]);
    const named = await configWith({ transports: ["tcp"] });
    expect(named.variants.map(({ name }) => name)).toEqual(["tcp"]);
  });

  it("refuses polls whose purpose a relay can't tell", async () => {
    await expect(configWith({ transports: ["socket.io@polling"] })).rejects.toThrow(
      "--transports: socket.io@polling: the bytes of its polls can be counted for the built-in server only, " +
        "not with --target",
    );
    expect((await configWith({ transports: ["socket.io@websocket"] })).variants).toHaveLength(1);
  });

  it("plays one trial at a time, since there is one server for all", async () => {
    const plan = planRun(await configWith({ scenarios: ["overhead"] }));
    expect(plan.length).toBeGreaterThan(1);
    expect(plan.filter((batch) => batch.length > 1)).toEqual([]);
  });

  it("is over TLS where its URL says so, and only there", async () => {
    const at = async (url: string, transports?: string[]): Promise<string[]> => {
      const server = await targetOf({ target: [url] }, { allowTargets: [] }, asFlag);
      const settings = transports === undefined ? {} : { transports };
      return resolveConfig(settings, asFlag, 1, server).variants.map(({ name }) => name);
    };
    expect(await at(secure)).toEqual([
      "short-polling+tls",
      "long-polling+tls",
      "sse+tls",
      "websocket+tls",
    ]);
    expect(await at(secure, ["sse+h2", "sse+tls+resume"])).toHaveLength(2);
    expect(await at(plain, ["sse", "sse+h2c"])).toHaveLength(2);
    expect(await at(plain, ["websocket+headers=browser", "sse+headers=minimal"])).toHaveLength(2);
    for (const [url, variant, reason] of [
      [secure, "sse", "sse: https://127.0.0.1:3000 is over TLS; name it sse+tls"],
      [secure, "sse+h2c", "https://127.0.0.1:3000 is over TLS; name it +h2 instead of +h2c"],
      [plain, "sse+h2", "sse+h2: http://127.0.0.1:3000 is without TLS; give https://"],
      [plain, "sse+gzip+quality=9", "quality applies to the built-in servers and has no effect"],
      [secure, "sse+tls=rsa", "which key the server has is its own affair; name it +tls"],
      [secure, "sse+tls+batch=20ms", "is its own affair, and measured as it is; name it without"],
    ] as const) {
      await expect(at(url, [variant])).rejects.toThrow(reason);
    }
  });

  it("takes options that clients live by, and none of a server's own log", async () => {
    const options = ["websocket+heartbeat=5s", "long-polling@10s", "short-polling@2s"];
    expect((await configWith({ transports: options })).variants).toHaveLength(3);
    await expect(configWith({ transports: ["sse+logMessages=5"] })).rejects.toThrow(
      "--transports: sse+logMessages=5: logMessages applies to the built-in servers",
    );
  });

  it("has no network of its own", async () => {
    await expect(configWith({ netns: true })).rejects.toThrow("--netns and --target exclude");
    await expect(configWith({ network: "4g" })).rejects.toThrow(
      "--network and --target exclude each other: a server of your own is not in the namespaces; --network relay:4g plays",
    );
    await expect(configWith({ scenarios: ["lossy"] })).rejects.toThrow(
      "the scenario lossy and --target exclude each other",
    );
  });

  it("has a relay in front of it that plays a network", async () => {
    expect((await configWith({ network: "relay:4g" })).network?.name).toBe("relay:4g");
  });
});
