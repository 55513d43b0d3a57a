import type { ServerTarget } from "./target.ts";
import { describe, expect, it } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import { clientTransports, transports } from "../../transports/index.ts";
import { variantsIn } from "../plan/plan.ts";
import { findScenario, parseSettings, resolveConfig } from "./config.ts";
import { asFlag } from "./naming.ts";
import type { Config, Settings } from "./config.ts";
import { BenchError, knownAre } from "../errors/errors.ts";

const inFile = (key: string): string => `${key} in bench.config.ts`;

function parsed(given: unknown): Settings {
  return parseSettings(given, asFlag, "bench run");
}

function resolved(settings: Settings): Config {
  return resolveConfig(settings, asFlag, 42);
}

describe("a setting", () => {
  it.each([
    ["clients", "--clients"],
    ["maxConnections", "--max-connections"],
  ])("called %s in a file is %s as a flag", (key, flag) => {
    expect(asFlag(key)).toBe(flag);
  });

  it.each([
    ["clients", "0", "a whole number from 1 to 250000"],
    ["clients", "2.5", "a whole number from 1 to 250000"],
    ["clients", 250_001, "a whole number from 1 to 250000"],
    ["rate", "0", "a number from 0.01 to 1000000"],
    ["rate", "fast", "a number from 0.01 to 1000000"],
    ["payload", "39", "a size from 40 to 8388608 bytes, such as 256 or 4KiB"],
    ["payload", "9MiB", "a size from 40 to 8388608 bytes, such as 256 or 4KiB"],
    ["duration", "99ms", "a duration from 100ms to 60m, such as 500ms or 10s"],
    ["duration", "10", "a duration from 100ms to 60m, such as 500ms or 10s"],
    ["warmup", "-1s", "a duration from 0ms to 10m, such as 500ms or 10s"],
    ["trials", "0", "a whole number from 1 to 1000"],
    ["extraTrials", "-1", "a whole number from 0 to 1000"],
    ["precision", "200%", "a percentage from 0.1% to 100%, such as 5%"],
    ["precision", "5", "a percentage from 0.1% to 100%, such as 5%"],
    ["precision", 0.05, "a percentage from 0.1% to 100%, such as 5%"],
    ["metric", "", "the key of a figure, such as delivery.p50"],
    ["metric", 50, "the key of a figure, such as delivery.p50"],
    ["timeLimit", "999ms", "a duration from 1s to 1440m, such as 500ms or 10s"],
    ["seed", "-1", "a whole number from 0 to 2147483647"],
    ["seed", 2 ** 31, "a whole number from 0 to 2147483647"],
    ["maxConnections", "1e6", "a whole number from 1 to 1000000"],
    ["maxConnections", null, "a whole number from 1 to 1000000"],
    ["transports", "", "at least one name"],
    ["transports", " , ", "at least one name"],
    ["scenarios", [], "at least one name"],
    ["scenarios", 5, "a list of names, such as a,b"],
    ["scenarios", ["latency", 5], "a list of names, such as a,b"],
    ["out", "", "a folder"],
    ["out", 7, "a folder"],
    ["quick", "yes", "true or false"],
  ])("%s can't be %j, and that names the flag or field", (key, value, allowed) => {
    const wrong = `${JSON.stringify(value)} is not ${allowed}`;
    expect(() => parsed({ [key]: value })).toThrow(
      new BenchError("usage", `${asFlag(key)}: ${wrong}`),
    );
    expect(() => parseSettings({ [key]: value }, inFile, "bench.config.ts")).toThrow(
      new BenchError("usage", `${key} in bench.config.ts: ${wrong}`),
    );
  });

  it.each([
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["a bigint", 10n],
    ["a function", () => 5],
    ["a symbol", Symbol("five")],
  ])("that only a program can write is refused too: %s", (_name, value) => {
    expect(() => parsed({ clients: value })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringMatching(/^--clients: .+ is not a whole number from 1 to 250000$/),
      }),
    );
  });

  it("is reported as it was written", () => {
    expect(() => parsed({ clients: Number.NaN })).toThrow("--clients: NaN is not");
  });

  const known = "known are transports, scenarios, clients, rate,";
  it.each([
    ["cleints", `unknown setting "cleints"; did you mean "clients"? ${known}`],
    [
      "max-connections",
      `unknown setting "max-connections"; did you mean "maxConnections"? ${known}`,
    ],
    ["protocol", `unknown setting "protocol"; ${known}`],
  ])("%s is not known", (key, message) => {
    const parsing = (): unknown => parseSettings({ [key]: 1 }, inFile, "bench.config.ts");
    expect(parsing).toThrow(BenchError);
    expect(parsing).toThrow(`bench.config.ts: ${message}`);
    expect(parsing).toThrow(/ and \d+ more \(see .+\)$/);
  });

  it.each([null, 5, "clients=5", [], undefined])("is not read from %j", (given) => {
    expect(() => parseSettings(given, inFile, "bench.config.ts")).toThrow(
      new BenchError("usage", "bench.config.ts must hold an object"),
    );
  });
});

describe("settings", () => {
  it("are read from text as from values", () => {
    const values = {
      transports: ["sse", "websocket"],
      clients: 5,
      rate: 0.5,
      payload: 4_096,
      duration: 1_500,
      seed: 0,
    };
    expect(parsed(values)).toEqual(values);
    expect(
      parsed({
        transports: " sse, websocket,",
        clients: "5",
        rate: "0.5",
        payload: "4KiB",
        duration: "1.5s",
        seed: "0",
      }),
    ).toEqual(values);
  });

  it("may be none at all", () => {
    expect(parsed({})).toEqual({});
  });
});

describe("a config", () => {
  it.each(["websocket+deflate", "sse+gzip", "long-polling+br"])(
    "need a named kind of messages for %s, whatever that is",
    (variant) => {
      const settings = { transports: ["sse", variant] };
      expect(() => resolveConfig(settings, asFlag, 1)).toThrow(
        `--transports: ${variant}: compression depends on what messages hold: name it by --payload-kind`,
      );
      const named = resolveConfig({ ...settings, payloadKind: "repeated" }, asFlag, 1);
      expect(named.variants.map(({ name }) => name)).toEqual(["sse", variant]);
    },
  );

  it("has no message that a batch can't hold with its length before it", () => {
    const most = 8 * 1024 * 1024 - "8388608:".length;
    const sized = (transport: string, payload: number, more: object = {}): void =>
      void resolveConfig({ transports: [transport], payload, ...more }, asFlag, 1);
    sized("sse+batch=20ms", most);
    sized("sse", most + 8);
    expect(() => sized("sse+batch=20ms", most + 1)).toThrow(
      `--payload: with sse+batch=20ms, which sends the length of each message before it, a message has at most ${most} bytes, not ${most + 1}`,
    );
    expect(() => sized("tcp+batch=1ms", 6_291_456, { encoding: "base64" })).toThrow(
      /at most 6291450 bytes/,
    );
  });

  it("has every transport and scenario that needn't be named, and three trials, when nothing is asked for", () => {
    const { variants, scenarios: chosen, ...config } = resolved({});
    const usual = transports.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
    expect(usual.length).toBeLessThan(transports.length);
    expect(variants.map(({ name }) => name)).toEqual(usual.map(({ name }) => name));
    expect(chosen).toEqual(scenarios.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true));
    expect(config).toEqual({
      profile: "default",
      servers: 1,
      broker: null,
      bus: "none",
      balance: "none",
      leftOut: [],
      clients: null,
      ratePerSecond: null,
      payload: null,
      payloadBytes: null,
      durationMs: 2_500,
      warmUpMs: 800,
      trials: null,
      defaultTrials: 3,
      extraTrials: null,
      precision: null,
      seed: 42,
      maxConnections: 1_000,
      maxIdleMs: 31_000,
      netns: false,
      network: null,
      target: null,
      out: undefined,
      quiet: false,
    });
  });

  it("plays each scenario with the transports that it goes with, and all with those that are named", () => {
    const played = (settings: object): Record<string, string[]> => {
      const config = resolved(settings);
      return Object.fromEntries(
        config.scenarios.map((scenario) => [
          scenario.name,
          variantsIn(scenario, config).map(({ name }) => name),
        ]),
      );
    };
    const several = played({ scenarios: ["latency", "tokens", "tool-calls"] });
    const usual = transports.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
    expect(several["latency"]).toEqual(usual.map(({ name }) => name));
    expect(several["tokens"]?.toSorted()).toEqual(findScenario("tokens").transports?.toSorted());
    expect(several["tool-calls"]?.toSorted()).toEqual(
      findScenario("tool-calls").transports?.toSorted(),
    );
    expect(played({ scenarios: ["tokens"] })).toEqual({
      tokens: findScenario("tokens").transports,
    });
    const named = { scenarios: ["latency", "tokens"], transports: ["sse"] };
    expect(played(named)).toEqual({ latency: ["sse"], tokens: ["sse"] });
  });

  it("has what a profile names, unless the user names something else", () => {
    const names = ({ transports: given }: { transports?: string[] }) => {
      const {
        scenarios: chosen,
        variants,
        defaultTrials,
      } = resolved({
        profile: "bad-day",
        ...(given && { transports: given }),
      });
      return [chosen.map(({ name }) => name), variants.map(({ name }) => name), defaultTrials];
    };
    const [chosen, variants, trials] = names({});
    expect([chosen, trials]).toEqual([["bad-day"], 10]);
    expect(variants).toContain("socket.io@websocket+recovery");
    expect(names({ transports: ["sse"] })).toEqual([["bad-day"], ["sse"], 10]);
  });

  it.each([
    [{ quick: true }, { profile: "quick", defaultTrials: 1, durationMs: 600, maxConnections: 100 }],
    [{ thorough: true }, { profile: "thorough", defaultTrials: 10, durationMs: 10_000 }],
    [{ quick: false, thorough: true }, { profile: "thorough" }],
    [{ profile: "quick" as const }, { profile: "quick", durationMs: 600 }],
    [
      { quick: true, duration: 5_000 },
      { profile: "quick", durationMs: 5_000 },
    ],
    [{ seed: 0 }, { seed: 0 }],
    [{ warmup: 0 }, { warmUpMs: 0 }],
    [{ trials: 7 }, { trials: 7, defaultTrials: 3 }],
    [{ extraTrials: 0 }, { extraTrials: 0 }],
    [{ precision: 5 }, { precision: { targetPercent: 5, metric: null, timeLimitMs: 600_000 } }],
    [
      { precision: 0.5, metric: "loss", timeLimit: 2_000 },
      { precision: { targetPercent: 0.5, metric: "loss", timeLimitMs: 2_000 } },
    ],
  ])("of %j has %j", (settings, expected) => {
    expect(resolved(settings)).toMatchObject(expected);
  });

  it.each([
    [{ quick: true, thorough: true }, "--quick and --thorough exclude each other"],
    [
      { thorough: true, profile: "bad-day" as const },
      "--thorough and --profile exclude each other",
    ],
    [
      { network: "5g" },
      `--network: "5g" is unknown; did you mean "4g"? known are lan, wifi, 4g, 3g, satellite, train, corporate-proxy, relay:4g and its like, and settings such as delay=40ms,loss=1%`,
    ],
    [
      { network: "4g", netns: true },
      "--network and --netns exclude each other: packets are counted on a packet network, too",
    ],
    [
      { scenarios: ["lossy"], netns: true },
      "the scenario lossy and --netns exclude each other: packets are counted on a packet network, too",
    ],
    [
      { network: "relay:4g", scenarios: ["latency", "lossy"] },
      "--network and the scenario lossy exclude each other: it plays networks of its own",
    ],
    [
      { network: "4g", scenarios: ["latency", "lossy"] },
      "--network and the scenario lossy exclude each other: it plays networks of its own",
    ],
    [{ metric: "loss" }, "--metric has no effect without --precision"],
    [{ timeLimit: 1_000 }, "--time-limit has no effect without --precision"],
    [{ transports: ["sse", "sse"] }, '--transports: "sse" is named twice'],
    [{ transports: ["sse", "sse@15s"] }, '--transports: "sse@15s" is the same as "sse"'],
    [
      { transports: ["sse+h2c+share=3", "sse+share=3+h2c"] },
      '--transports: "sse+share=3+h2c" is the same as "sse+h2c+share=3"',
    ],
    [
      { transports: ["sse+tls", "sse+tls=ec"] },
      '--transports: "sse+tls=ec" is the same as "sse+tls"',
    ],
    [{ scenarios: ["echo", "latency", "echo"] }, '--scenarios: "echo" is named twice'],
    [
      { scenarios: ["latancy"] },
      '--scenarios: unknown scenario "latancy"; did you mean "latency"? ' +
        knownAre(
          scenarios.map(({ name }) => name),
          "npx transport-bench list",
        ),
    ],
    [
      { transports: ["see"] },
      '--transports: unknown transport "see"; did you mean "sse"? ' +
        `known are ${[...transports, ...clientTransports].map(({ name }) => name).join(", ")}`,
    ],
  ])("can't be made of %j", (settings, message) => {
    expect(() => resolved(settings)).toThrow(new BenchError("usage", message));
  });

  it("that is impossible names the field when it comes from a file", () => {
    expect(() => resolveConfig({ quick: true, thorough: true }, inFile, 1)).toThrow(
      "quick in bench.config.ts and thorough in bench.config.ts exclude each other",
    );
  });

  it("can't have a scenario that restarts a server of the user's own", () => {
    const target = { url: "http://127.0.0.1:80" } as ServerTarget;
    const settings = { scenarios: ["storm"], transports: ["sse"] };
    expect(() => resolveConfig(settings, asFlag, 1, target)).toThrow(
      "--scenarios: storm restarts the server, and can't restart that of --target",
    );
  });
});
