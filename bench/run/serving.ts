import type { Workload } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import { loopbackAddresses } from "../machine/kernel.ts";
import type { Network } from "../network/network.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { killGroup } from "../processes/command.ts";
import type {
  PublishingVerbs,
  PublisherVerbs,
  ServerVerbs,
  Setting,
} from "../processes/protocol.ts";
import { answeringAddress } from "../processes/reach.ts";
import { forkProcess } from "../processes/remote.ts";
import type { Remote } from "../processes/remote.ts";
import { occupantOf } from "../processes/started-processes.ts";
import type { ServerTarget } from "../settings/target.ts";
import { recordedVariant } from "../settings/variant.ts";

/** Where clients find the server. */
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly port: number;
  /** Under which it is asked; null for its address. */
  readonly url: string | null;
}

/** The process that publishes: with the harness's own server in it, or in front of the user's. */
export interface Serving extends AsyncDisposable {
  readonly remote: Remote<PublishingVerbs>;
  start(setting: Setting): Promise<Endpoint>;
}

/** A client address has some 28 000 ports; beyond this many clients another address is used. */
export const clientsPerAddress = 20_000;

/** How many addresses the server needs so that its clients don't run out of ports. */
export function addressesWanted({ maxConnections, clients }: Workload): number {
  return Math.ceil(Math.max(maxConnections, clients) / clientsPerAddress);
}

/** What all processes of a trial must agree on. */
export function settingOf({ variant, workload, seed }: PlannedTrial): Setting {
  return {
    variant: recordedVariant(variant),
    payloadBytes: workload.payloadBytes,
    seed,
    epochNs: nowNs(),
  };
}

/** Starts the process that the trial's server needs. */
export function servingFor(trial: PlannedTrial, network: Network | null): Serving {
  return trial.target === null ? ownServer(trial, network) : userServer(trial, trial.target);
}

function ownServer({ workload }: PlannedTrial, network: Network | null): Serving {
  const remote = forkProcess<ServerVerbs>("bench/processes/server", "server", {
    enter: network?.server.enter,
  });
  return {
    remote,
    async start(setting) {
      const addresses =
        network?.serverAddresses ?? (await loopbackAddresses(addressesWanted(workload)));
      const { port } = await remote.call("start", { ...setting, addresses });
      return { addresses, port, url: null };
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

function userServer({ scenario, workload }: PlannedTrial, target: ServerTarget): Serving {
  const remote = forkProcess<PublisherVerbs>("bench/processes/publisher", "publisher", {
    endsOthers: true,
  });
  let group: number | null = null;
  return {
    remote,
    async start(setting) {
      const relay =
        scenario.measures === "counts" ? await loopbackAddresses(addressesWanted(workload)) : null;
      group = (await remote.call("launch", { target })).group;
      const { addresses, port } = await remote.call("start", { ...setting, target, relay });
      return { addresses, port, url: target.url };
    },
    async [Symbol.asyncDispose]() {
      await remote[Symbol.asyncDispose]();
      // Nothing is left of it, unless the publisher itself was killed.
      if (group === null) return;
      killGroup(group);
      group = null;
      await sayWhatIsLeft(target);
    },
  };
}

/** What a command has others start, such as a container, is nobody's to end here. */
async function sayWhatIsLeft({ addresses, port, url }: ServerTarget): Promise<void> {
  if ((await answeringAddress({ addresses, port })) === null) return;
  process.stderr.write(`${url} still answers after its command was stopped${occupantOf(port)}\n`);
}
