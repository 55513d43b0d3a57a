import { describe, expect, test } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import { resolveConfig, parseSettings } from "./config.ts";
import { asFlag } from "./naming.ts";
import { answersTakenBy } from "./answers.ts";

const configOf = (given: object): ReturnType<typeof resolveConfig> =>
  resolveConfig(parseSettings(given, asFlag, "run"), asFlag, 1);

function named(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(name);
  return scenario;
}

const asked = {
  scenarios: "tokens",
  prompt: "2KiB",
  tokens: "64",
  tokenRate: "20, 80",
  firstToken: "300ms",
  tokenFormat: "text",
};

describe("what clients that prompt ask for", () => {
  test("is read as flags have it, and as a file does", () => {
    const wanted = {
      promptBytes: 2_048,
      tokens: 64,
      tokenRates: [20, 80],
      firstTokenMs: 300,
      tokenFormat: "text",
    };
    expect(configOf(asked)).toMatchObject(wanted);
    const inFile = { ...asked, prompt: 2_048, tokens: 64, tokenRate: [20, 80], firstToken: 300 };
    expect(configOf(inFile)).toMatchObject(wanted);
  });

  test("goes to the scenarios that take it", () => {
    const config = configOf({ ...asked, scenarios: "tokens,latency" });
    expect(answersTakenBy(named("tokens"), config)).toMatchObject({ tokens: 64 });
    expect(answersTakenBy(named("latency"), config)).toEqual({});
  });

  test.each<[object, string]>([
    [{ scenarios: "latency", prompt: "1KiB" }, "--prompt has no effect on latency"],
    [
      { scenarios: "latency,echo", tokenRate: "80" },
      "--token-rate has no effect on latency and echo",
    ],
    [{ scenarios: "tokens", prompt: "10" }, "--prompt"],
    [{ scenarios: "tokens", tokens: "1" }, "--tokens"],
    [{ scenarios: "tokens", tokenRate: "fast" }, "--token-rate"],
    [{ scenarios: "tokens", tokenRate: "" }, "--token-rate"],
    [{ scenarios: "tokens", tokenFormat: "xml" }, "--token-format"],
  ])("is refused in one line: %j", (given, message) => {
    expect(() => configOf(given)).toThrow(message);
  });
});
