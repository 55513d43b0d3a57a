import { identityOf } from "../layers/certificate.ts";
import { trustIn } from "../layers/tls.ts";
import type { Trust } from "../layers/tls.ts";
import { nowNs } from "../measure/clock.ts";
import { urlAt } from "../measure/dialler.ts";
import type { ServerAddress } from "../measure/dialler.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { killGroup } from "../programs/started-command.ts";
import type {
  PayloadSize,
  PublishingVerbs,
  RelayPlace,
  ServerVerbs,
  TrialParameters,
} from "../processes/protocol.ts";
import { answeringAddress } from "../processes/connect-to-target.ts";
import type { Remote } from "../processes/remote.ts";
import { occupantOf } from "../programs/marked-processes.ts";
import type { ServerTarget } from "../settings/target.ts";
import { recordedVariant } from "../settings/variant.ts";
import type { Host } from "./host.ts";

/** Where clients find the server. */
export interface Endpoint {
  /** The payloads that it sends. */
  readonly carried: PayloadSize;
  readonly servers: readonly ServerAddress[];
  /** Null without TLS. */
  readonly trust: Trust | null;
}

/** Before there is a server. */
export const noEndpoint: Endpoint = {
  servers: [],
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

/** How many addresses servers need so that clients don't run out of ports: as many for each of them. */
export function addressesWanted({ workload, servers }: PlannedTrial): number {
  const { maxConnections, clients } = workload;
  return servers * Math.ceil(Math.max(maxConnections, clients) / clientsPerAddress / servers);
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

/** Starts the process that the trial's server of this index needs. */
export function servingFor(trial: PlannedTrial, host: Host, index = 0): Serving {
  return trial.target === null
    ? ownServer(trial, host, index)
    : userServer(trial, trial.target, host);
}

function ownServer(trial: PlannedTrial, host: Host, index: number): Serving {
  const { variant, servers } = trial;
  const remote = host.start("server", servers === 1 ? "server" : `server ${index + 1}`);
  return {
    remote,
    own: remote,
    async start(parameters, numbersAfter) {
      const all = await host.serverAddresses(addressesWanted(trial));
      const addresses = [...new Set(all.filter((_, place) => place % servers === index))];
      const { tls } = variant.bound.layers;
      const identity = tls === undefined ? null : await identityOf(tls);
      const numbers = numbersAfter === undefined ? {} : { numbersAfter };
      const started = await remote.call("start", {
        ...parameters,
        ...numbers,
        addresses,
        identity,
      });
      const { port, carried } = started;
      return {
        carried,
        servers: addresses.map((host) => ({
          host,
          port,
          url: urlAt(host, port, identity !== null).href,
        })),
        trust: identity && trustIn(identity),
      };
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
      return await remote.call("start", { ...parameters, target, relay });
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
async function relayPlace(trial: PlannedTrial, host: Host): Promise<RelayPlace | null> {
  const { scenario, variant } = trial;
  if (scenario.measures !== "counts") return null;
  const { tls } = variant.bound.layers;
  return {
    addresses: await host.serverAddresses(addressesWanted(trial)),
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
