import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{bench,transports,scenarios,reports,test}/**/*.test.ts"],
    // Most of them wait for processes of theirs; none depends on how fast those are.
    maxWorkers: 2,
    // Loading the modules anew for each file would take as long as all tests of pure functions.
    isolate: false,
    // Tests that start processes wait for as long as those take on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
