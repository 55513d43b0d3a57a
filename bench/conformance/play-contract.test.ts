import { deepStrictEqual } from "node:assert";
import { expect, it } from "vitest";
import type { ContractTest } from "./contract.ts";
import { CaseSkipped, Mismatch } from "./mismatch.ts";
import { playContract } from "./play-contract.ts";

function test(run: () => Promise<void>, skipped: string | null = null): ContractTest {
  return { client: "default", name: "does it", level: "required", skipped, run };
}

it.each<[string, ContractTest, object]>([
  ["passed", test(async () => {}), { kind: "passed" }],
  [
    "an exception of the transport's",
    test(async () => {}, "why"),
    { kind: "skipped", reason: "why" },
  ],
  [
    "not to be seen from here",
    test(() => Promise.reject(new CaseSkipped("why"))),
    { kind: "skipped", reason: "why" },
  ],
  [
    "a mismatch",
    test(() => Promise.reject(new Mismatch("this", "that"))),
    { kind: "failed", expected: "this", received: "that" },
  ],
  [
    "an assertion",
    test(async () => deepStrictEqual([1], [2])),
    { kind: "failed", expected: "[ 2 ]", received: "[ 1 ]" },
  ],
  [
    "an error",
    test(() => Promise.reject(new Error("no\nway"))),
    { kind: "failed", expected: "otherwise", received: "no way" },
  ],
  [
    "without an end",
    test(() => new Promise(() => {})),
    { kind: "failed", expected: "otherwise", received: "nothing more within 50ms" },
  ],
])("tells how a test ended: %s", async (_how, one, outcome) => {
  const seen: object[] = [];
  const played = await playContract([one], 50, (each) => seen.push(each));
  const level = one.skipped === null ? "required" : "optional";
  expect(played).toEqual([{ name: "default: does it", level, outcome }]);
  expect(seen).toEqual(played);
});
