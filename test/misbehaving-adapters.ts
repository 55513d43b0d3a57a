import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";
import { BenchProcess, TemporaryFolder, isRunning } from "./bench-process.ts";

const words = (line: string): string[] => line.split(" ");

/** What is told of each. */
const reasons: Readonly<Record<string, RegExp>> = {
  "message-throws": /^message-throws: \.\/misbehaving\.ts:\d+: in message$/,
  "connect-throws": /^connect-throws: load 1: \.\/misbehaving\.ts:\d+: Cannot read properties of/,
  "connect-hangs": /^connect-hangs: only 0 of 2 clients could connect: the server took longer/,
  "no-connection":
    /^no-connection: load 1: \.\/misbehaving\.ts: connect resolved with no connection/,
  "closed-twice": /^closed-twice: \.\/misbehaving\.ts:\d+: closed was called a second time$/,
  exits: /^exits: the load 1 process ended with exit code 0$/,
  "publish-throws": /^publish-throws: server: \.\/misbehaving\.ts:\d+: in publish$/,
  "serve-throws": /^serve-throws: server: \.\/misbehaving\.ts:\d+: in serve$/,
  rejects: /^rejects: \.\/misbehaving\.ts:\d+: by nobody$/,
};

/** Runs adapters of fixtures/misbehaving.ts: all, or those that are named. */
export function misbehavingAdapters(names: readonly string[] = Object.keys(reasons)): void {
  describe("an adapter that misbehaves when it runs", () => {
    const folder = new TemporaryFolder();
    const fixtures = join(folder.path, "test/fixtures");
    let results: Results;
    let left: number[];

    beforeAll(async () => {
      // One imports the other, from where it lies.
      for (const file of ["examples/init/transport.ts", "test/fixtures/misbehaving.ts"]) {
        cpSync(file, join(folder.path, file));
      }
      await using running = new BenchProcess(fixtures, [
        ...words(
          "run --quick --duration 300ms --warmup 100ms --seed 1 --extra-trials 0 --clients 2",
        ),
        ...words("--scenarios integrity --out out --no-report --adapters ./misbehaving.ts"),
        ...words(`--transports ${names.join()}`),
      ]);
      const started = await running.childrenOnce();
      expect((await running.ended).code).toBe(1);
      left = started.filter(isRunning);
      results = await readResults(join(fixtures, "out"));
    });

    afterAll(() => folder[Symbol.dispose]());

    it("leaves no process", () => {
      expect(left).toEqual([]);
    });

    it.each(Object.entries(reasons).filter(([name]) => names.includes(name)))(
      "%s fails its trial with its name and the reason",
      (name, told) => {
        const trial = results.trials.find(({ variant }) => variant === name);
        expect(trial?.outcome).toMatchObject({
          status: "failed",
          by: "server",
          reason: expect.stringMatching(told),
        });
      },
    );
  });
}
