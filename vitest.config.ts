import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{bench,transports,scenarios,reports,test}/**/*.test.ts"],
    // Tests that start processes wait for as long as those take on a busy machine.
    testTimeout: 60_000,
  },
});
