import type { PollCeiling } from "../../scenarios/scenario.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { saturationOf } from "../measure/resource-warnings.ts";
import { stallWarnings, waitingBoundMs } from "../measure/validity.ts";
import { MachineMonitor } from "../measure/machine-monitor.ts";
import { sharedChannel } from "../processes/protocol.ts";
import type { Warning } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import type { Load } from "./fleet.ts";
import { spreadEvenly } from "./spread.ts";
import { stallsOf } from "./trial-processes.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** A load process's share of the connections, all of them to one server. */
interface Share {
  readonly load: Load;
  readonly server: number;
  readonly connections: number;
}

/**
 * Has all load processes poll all servers as fast as answers come, for the newest message each time. Null where they
 * can have no connection for that.
 */
export async function pollCeiling(
  processes: TrialProcesses,
  polling: NonNullable<BoundTransport["polling"]>,
  options: { readonly connections: number; readonly forMs: number },
): Promise<{ readonly ceiling: PollCeiling; readonly warnings: readonly Warning[] } | null> {
  const { servers, fleet } = processes;
  const newest = await servers.first.call("newest", {});
  const path = polling.path(sharedChannel, Math.max(0, newest - 1));
  const shares = sharesOf(fleet.loads, servers.count, options.connections);
  // What they load for this is no work of polling.
  const openable = await Promise.all(
    shares.map(({ load, server, connections }) =>
      load.remote.call("prepareSaturation", { server, connections }),
    ),
  );
  const polled = shares.flatMap(({ load, server }, index) => {
    const connections = openable[index] ?? 0;
    return connections === 0 ? [] : [{ load, server, connections }];
  });
  if (polled.length === 0) return null;
  using monitor = new MachineMonitor();
  await servers.begin({ measured: true });
  const saturated = await Promise.all(
    polled.map(({ load, server, connections }) =>
      load.remote.call("saturate", { server, path, forMs: options.forMs, connections }),
    ),
  );
  const { resources } = await servers.end();
  const standStills = await stallsOf(processes, monitor);
  const failed = sum(saturated.map((one) => one.failed));
  if (failed > 0) throw new Error(`${failed} polls failed while looking for the ceiling`);
  const utilisations = resources
    .filter((used) => used.process === "server")
    .map((used) => saturationOf(used).share);
  return {
    ceiling: {
      requestsPerSecond: sum(saturated.map((one) => one.requestsPerSecond)),
      // It is that of the servers only where none of them had time left.
      serverUtilisation: utilisations.length === 0 ? null : Math.min(...utilisations),
    },
    warnings: stallWarnings(
      { name: "poll ceiling", standStills },
      ({ stoppedMs }) => stoppedMs > waitingBoundMs({ standStills, resources: [...resources] }),
    ),
  };
}

/** Spreads connections evenly over load processes and servers, so that each of them has some. */
function sharesOf(loads: readonly Load[], servers: number, connections: number): Share[] {
  const pairs = Math.min(connections, Math.max(loads.length, servers));
  const sizes = spreadEvenly(
    Array.from({ length: pairs }, () => 0),
    connections,
  );
  return sizes.flatMap((size, index) => {
    const load = loads[index % loads.length];
    return load === undefined ? [] : [{ load, server: index % servers, connections: size }];
  });
}
