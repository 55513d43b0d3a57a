import { expect, it } from "vitest";
import { resultsOf, trialOf } from "../../test/results-fixture.ts";
import { onlyRun } from "../run.ts";
import { shortenedRun } from "./shortened.ts";

const long = "a".repeat(10_000);

function namesIn(names: readonly string[]): string[] {
  const [run] = onlyRun(resultsOf(names.map((name) => trialOf(name))));
  const { results } = shortenedRun(run);
  expect(results.trials.map(({ variant }) => variant)).toEqual(
    results.variants.map(({ name }) => name),
  );
  return results.variants.map(({ name }) => name);
}

it("leaves usual names and histograms as they are", () => {
  expect(namesIn(["sse+h2+tls", "websocket"])).toEqual(["sse+h2+tls", "websocket"]);
});

it("shortens the same long name to the same everywhere, and others to others", () => {
  const [one = "", other = ""] = namesIn([`${long}1`, `${long}2`]);
  expect(one).toMatch(/^a{80}… \(10001 characters, [0-9a-f]{8}\)$/);
  expect(other).not.toBe(one);
});

it("cuts between characters, and not within one", () => {
  const [name = ""] = namesIn(["😀".repeat(200)]);
  expect(name.startsWith(`${"😀".repeat(80)}…`)).toBe(true);
});
