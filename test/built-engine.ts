import type {
  calibratePacketNetwork as calibrate,
  startProbe as start,
} from "../bench/packets/calibration.ts";

/*
 * The engine as it is built, in this process: what it starts lies beside its own files, and is loaded from
 * bundles in a fraction of the time that sources take.
 */

const built = (file: string): string => new URL(`../dist/${file}`, import.meta.url).href;

export const { TrialProcesses }: typeof import("../bench/run/trial-processes.ts") = await import(
  built("bench/run/trial-processes.js")
);
export const { Director }: typeof import("../bench/run/director.ts") = await import(
  built("bench/run/director.js")
);
export const { hostsOf }: typeof import("../bench/run/host.ts") = await import(
  built("bench/run/host.js")
);
export const { MachineLock }: typeof import("../bench/run/machine-lock.ts") = await import(
  built("bench/run/machine-lock.js")
);
export const { Network }: typeof import("../bench/network/network.ts") = await import(
  built("bench/network/network.js")
);
export const { PacketNetwork }: typeof import("../bench/packets/packet-network.ts") = await import(
  built("bench/packets/packet-network.js")
);
export const {
  calibratePacketNetwork,
  startProbe,
}: { calibratePacketNetwork: typeof calibrate; startProbe: typeof start } = await import(
  built("bench/packets/calibration.js")
);
export const { playRun }: typeof import("../bench/run/engine.ts") = await import(
  built("bench/run/engine.js")
);
export const { forkProcess }: typeof import("../bench/processes/remote.ts") = await import(
  built("bench/processes/remote.js")
);
export const { failure }: typeof import("../bench/run/trial-failure.ts") = await import(
  built("bench/run/trial-failure.js")
);
export const { playableBy, verifyDrivable }: typeof import("../tools/self/commit-build.ts") =
  await import(built("tools/self/commit-build.js"));
export const { againstBare, againstBuild }: typeof import("../tools/self/contests.ts") =
  await import(built("tools/self/contests.js"));
export const { Servers }: typeof import("../tools/self/servers.ts") = await import(
  built("tools/self/servers.js")
);
export const { relayedLoads, relayingContest }: typeof import("../tools/self/relaying.ts") =
  await import(built("tools/self/relaying.js"));
export const { WorkerHosts }: typeof import("../bench/workers/worker-hosts.ts") = await import(
  built("bench/workers/worker-hosts.js")
);
export const { WorkerPool }: typeof import("../bench/workers/worker-pool.ts") = await import(
  built("bench/workers/worker-pool.js")
);
export const { usingRedis }: typeof import("../bench/workers/redis.ts") = await import(
  built("bench/workers/redis.js")
);
export const { correctClock, uncorrected }: typeof import("../bench/measure/clock.ts") =
  await import(built("bench/measure/clock.js"));
