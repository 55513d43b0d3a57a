import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Those that start processes take longest: last, they would leave the other workers with nothing to do. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it isn't an array's
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(startsProcesses(b)) - Number(startsProcesses(a)));
  }
}

function startsProcesses({ moduleId }: TestSpecification): boolean {
  return moduleId.startsWith(`${import.meta.dirname}/test/`);
}

const tests = "{bench,transports,scenarios,reports,test,tools}/**/*.test.ts";
/** They play whole checks and searches, and over every variant what others play over a few: `npm run test:proofs`. */
const proofs = "test/*.proof.ts";

export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === "proofs" ? proofs : tests],
    // Most of them wait for processes of theirs; none depends on how fast those are.
    maxWorkers: 3,
    // Loading the modules anew for each file would take as long as all tests of pure functions.
    isolate: false,
    sequence: { sequencer: ProcessesFirst },
    // Tests that start processes wait for as long as those take on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
}));
