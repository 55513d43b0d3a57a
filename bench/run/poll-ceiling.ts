import type { PollCeiling } from "../../scenarios/scenario.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { saturationOf } from "../measure/resource-warnings.ts";
import { stallWarnings } from "../measure/validity.ts";
import { MachineMonitor } from "../measure/machine-monitor.ts";
import { sharedChannel } from "../processes/protocol.ts";
import type { Warning } from "../results/schema.ts";
import { stallsOf } from "./trial-processes.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/**
 * Has the first load process poll as fast as answers come, for the newest message each time. Null where it can
 * have no connection for that.
 */
export async function pollCeiling(
  processes: TrialProcesses,
  polling: NonNullable<BoundTransport["polling"]>,
  options: { readonly connections: number; readonly forMs: number },
): Promise<{ readonly ceiling: PollCeiling; readonly warnings: readonly Warning[] } | null> {
  const { servers, fleet } = processes;
  const { first: server } = servers;
  const [load] = fleet.loads;
  if (load === undefined) throw new Error("no load process");
  const newest = await server.call("newest", {});
  const path = polling.path(sharedChannel, Math.max(0, newest - 1));
  // What it loads for this is no work of polling.
  const connections = await load.remote.call("prepareSaturation", {
    connections: options.connections,
  });
  if (connections === 0) return null;
  using monitor = new MachineMonitor();
  await server.call("begin", { measured: true });
  const saturated = await load.remote.call("saturate", { path, forMs: options.forMs, connections });
  const { resources } = await server.call("end", {});
  const standStills = await stallsOf(processes, monitor);
  if (saturated.failed > 0) {
    throw new Error(`${saturated.failed} polls failed while looking for the ceiling`);
  }
  const served = resources.find(({ process }) => process === "server");
  return {
    ceiling: {
      requestsPerSecond: saturated.requestsPerSecond,
      serverUtilisation: served === undefined ? null : saturationOf(served).share,
    },
    warnings: stallWarnings({ name: "poll ceiling", standStills }),
  };
}
