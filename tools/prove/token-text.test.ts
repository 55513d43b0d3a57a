import { describe, expect, it } from "vitest";
import { argumentsFor, tokenParts, trialsOfEach } from "./token-plan.ts";
import type { TokenPart } from "./token-plan.ts";
import { tokenText } from "./token-text.ts";
import type { TokenTrial } from "./token-text.ts";

function partOf(name: TokenPart["name"]): TokenPart {
  const part = tokenParts.find((candidate) => candidate.name === name);
  if (part === undefined) throw new Error(`no part is ${name}`);
  return part;
}

const named: TokenTrial = { variant: "sse", rate: 80, buffer: "tokens are held back", heldMs: 490 };
const silent: TokenTrial = { variant: "sse", rate: 20, buffer: null, heldMs: null };

function proofOf(
  relay: readonly TokenTrial[],
  clean: readonly TokenTrial[],
  failures: readonly string[] = [],
) {
  return tokenText({
    parts: [
      { part: partOf("relay"), trials: relay },
      { part: partOf("clean"), trials: clean },
    ],
    failures,
    seconds: 60,
    command: "prove",
  });
}

describe("the proof that held tokens are told of", () => {
  it("holds where all that was planted was named, and nothing else", () => {
    const { text, isProved } = proofOf([named, named], [silent]);
    expect(isProved).toBe(true);
    expect(text).toContain("2 of 2");
    expect(text).toContain("0 of 1");
    expect(text).toContain("490 to 490 ms");
  });

  it.each<[string, TokenTrial[], TokenTrial[], string[]]>([
    ["a buffer is missed", [named, silent], [silent], []],
    ["one is imagined", [named], [silent, named], []],
    ["nothing was played", [named], [], []],
    ["a trial failed", [named], [silent], ["sse at 80/s: no"]],
  ])("fails where %s, and says what", (_, relay, clean, failures) => {
    const { text, isProved } = proofOf(relay, clean, failures);
    expect(isProved).toBe(false);
    const wrong = [...relay, ...clean].length === 3;
    expect(text).toMatch(wrong ? /Wrong: sse at/ : failures.length > 0 ? /Failed: sse/ : /0 of 0/);
  });
});

it("the plan has a hundred of each buffer and three hundred without, at least", () => {
  const counts = tokenParts.map((part) => {
    const wanted = part.name === "clean" ? 300 : 100;
    return trialsOfEach(part, wanted) * part.variants.length * part.rates.length;
  });
  expect(counts).toEqual([100, 100, 315]);
});

it("only the relay is planted by the network", () => {
  const how = { trials: 2, adapter: "watch.js", out: "here" };
  const wanted = ["--network", "relay:hold=256KiB:500ms"];
  expect(argumentsFor(partOf("relay"), 20, how)).toEqual(expect.arrayContaining(wanted));
  expect(argumentsFor(partOf("nginx"), 20, how)).not.toContain("--network");
});
