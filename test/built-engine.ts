/**
 * `bench/engine.ts` as it is built, in this process: what it starts is then loaded from bundles, in a
 * fraction of the time that sources take.
 */
const engine = new URL("../dist/bench/engine.js", import.meta.url).href;

export const { playRun }: typeof import("../bench/engine.ts") = await import(
  /* @vite-ignore */ engine
);
