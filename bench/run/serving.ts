import type { Workload } from "../../scenarios/scenario.ts";
import { identityOf } from "../layers/certificate.ts";
import { trustIn } from "../layers/tls.ts";
import type { Trust } from "../layers/tls.ts";
import { nowNs } from "../measure/clock.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { killGroup } from "../processes/started-command.ts";
import type {
  PayloadSize,
  PublishingVerbs,
  RelayPlace,
  ServerVerbs,
  TrialParameters,
} from "../processes/protocol.ts";
import { answeringAddress } from "../processes/connect-to-target.ts";
import type { Remote } from "../processes/remote.ts";
import { occupantOf } from "../processes/marked-processes.ts";
import type { ServerTarget } from "../settings/target.ts";
import { recordedVariant } from "../settings/variant.ts";
import type { Host } from "./host.ts";

/** Where clients find the server. */
export interface Endpoint {
  /** The payloads that it sends. */
  readonly carried: PayloadSize;
  readonly addresses: readonly string[];
  readonly port: number;
  /** The URL in requests; null for one made of its address. */
  readonly url: string | null;
  /** Null without TLS. */
  readonly trust: Trust | null;
}

/** Before there is a server. */
export const noEndpoint: Endpoint = {
  addresses: [],
  port: 0,
  url: null,
  trust: null,
  carried: { payloadBytes: 0, areOfOneSize: true, escapes: 0 },
};

/** The process that publishes: with the harness's own server in it, or in front of the user's. */
export interface Serving extends AsyncDisposable {
  readonly remote: Remote<PublishingVerbs>;
  /** The same where it is the harness's own server, which can be restarted. */
  readonly own: Remote<ServerVerbs> | null;
  /** `numbersAfter` is for servers of which one takes the place of another: see `Listener`. */
  start(parameters: TrialParameters, numbersAfter?: number): Promise<Endpoint>;
}

/** A client address has some 28 000 ports; beyond this many clients another address is used. */
export const clientsPerAddress = 20_000;

/** How many addresses the server needs so that its clients don't run out of ports. */
export function addressesWanted({ maxConnections, clients }: Workload): number {
  return Math.ceil(Math.max(maxConnections, clients) / clientsPerAddress);
}

/** The parameters that all processes of a trial share. */
export function trialParametersOf({
  variant,
  workload,
  payload,
  seed,
}: PlannedTrial): TrialParameters {
  return {
    variant: recordedVariant(variant),
    payloadBytes: workload.payloadBytes,
    ...(payload !== null && { payload: payload.recipe }),
    seed,
    epochNs: nowNs(),
  };
}

/** Starts the process that the trial's server needs. */
export function servingFor(trial: PlannedTrial, host: Host): Serving {
  return trial.target === null ? ownServer(trial, host) : userServer(trial, trial.target, host);
}

function ownServer({ workload, variant }: PlannedTrial, host: Host): Serving {
  const remote = host.start("server", "server");
  return {
    remote,
    own: remote,
    async start(parameters, numbersAfter) {
      const addresses = await host.serverAddresses(addressesWanted(workload));
      const { tls } = variant.bound.layers;
      const identity = tls === undefined ? null : await identityOf(tls);
      const numbers = numbersAfter === undefined ? {} : { numbersAfter };
      const started = await remote.call("start", {
        ...parameters,
        ...numbers,
        addresses,
        identity,
      });
      return { ...started, addresses, url: null, trust: identity && trustIn(identity) };
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

function userServer(trial: PlannedTrial, target: ServerTarget, host: Host): Serving {
  const remote = host.start("publisher", "publisher");
  let group: number | null = null;
  return {
    remote,
    own: null,
    async start(parameters) {
      const relay = await relayPlace(trial, host);
      group = (await remote.call("launch", { target })).group;
      const reached = await remote.call("start", { ...parameters, target, relay });
      return { ...reached, url: target.url };
    },
    async [Symbol.asyncDispose]() {
      await remote[Symbol.asyncDispose]();
      // The publisher has ended it, unless it was killed itself. So far it always ran on this machine.
      if (group === null) return;
      killGroup(group);
      group = null;
      await sayWhatIsLeft(target);
    },
  };
}

/**
 * Decides whether a relay stands in front of the user's own server: where bytes are counted, which only a relay can
 * do; never where time is measured, to which it would add. Null for none.
 */
async function relayPlace(
  { scenario, workload, variant }: PlannedTrial,
  host: Host,
): Promise<RelayPlace | null> {
  if (scenario.measures !== "counts") return null;
  const { tls } = variant.bound.layers;
  return {
    addresses: await host.serverAddresses(addressesWanted(workload)),
    identity: tls === undefined ? null : await identityOf(tls),
  };
}

/**
 * Says that the server still answers: what a command has others start, such as a container, can't be ended here.
 */
async function sayWhatIsLeft({ addresses, port, url }: ServerTarget): Promise<void> {
  if ((await answeringAddress({ addresses, port })) === null) return;
  process.stderr.write(`${url} still answers after its command was stopped${occupantOf(port)}\n`);
}
