import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{bench,transports,scenarios,reports,test}/**/*.test.ts"],
    // Most of them wait for processes of theirs; none depends on how fast those are.
    maxWorkers: 2,
    // Tests that start processes wait for as long as those take on a busy machine.
    testTimeout: 60_000,
  },
});
