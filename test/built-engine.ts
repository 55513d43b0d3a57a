/*
 * The engine as it is built, in this process: what it starts lies beside its own files, and is loaded from
 * bundles in a fraction of the time that sources take.
 */

const built = (file: string): string => new URL(`../dist/bench/${file}`, import.meta.url).href;

export const { Crew }: typeof import("../bench/crew.ts") = await import(built("crew.js"));
export const { Director }: typeof import("../bench/director.ts") = await import(
  built("director.js")
);
export const { Machine }: typeof import("../bench/machine.ts") = await import(built("machine.js"));
export const { Network }: typeof import("../bench/network.ts") = await import(built("network.js"));
export const { playRun }: typeof import("../bench/engine.ts") = await import(built("engine.js"));
export const { forkProcess }: typeof import("../bench/processes/remote.ts") = await import(
  built("processes/remote.js")
);
export const { failure }: typeof import("../bench/trial-failure.ts") = await import(
  built("trial-failure.js")
);
export const { proveDriven }: typeof import("../bench/self/before.ts") = await import(
  built("self/before.js")
);
export const { againstBuild }: typeof import("../bench/self/contests.ts") = await import(
  built("self/contests.js")
);
export const { Servers }: typeof import("../bench/self/servers.ts") = await import(
  built("self/servers.js")
);
