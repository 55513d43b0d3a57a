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
  PublisherVerbs,
  PublishingVerbs,
  RelayPlace,
  ServerVerbs,
  TrialParameters,
} from "../processes/protocol.ts";
import { answeringAddress } from "../processes/connect-to-target.ts";
import type { Remote } from "../processes/remote.ts";
import { occupantOf } from "../programs/marked-processes.ts";
import { allTargets } from "../settings/target.ts";
import type { ServerTarget } from "../settings/target.ts";
import { atServer } from "../settings/proxies.ts";
import { recordedVariant } from "../settings/variant.ts";
import type { Host } from "./host.ts";

/** Where clients find the server. */
export interface Endpoint {
  /** The payloads that it sends. */
  readonly carried: PayloadSize;
  readonly servers: readonly ServerAddress[];
  /** Null without TLS. */
  readonly trust: Trust | null;
  /** Whether each client dials from an address of its own, on loopback: a balancer knows clients by that. */
  readonly ownAddresses?: boolean;
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
  /** The same where it is in front of the user's. */
  readonly publisher: Remote<PublisherVerbs> | null;
  /** `numbersAfter` is for servers of which one takes the place of another: see `Listener`. */
  start(parameters: TrialParameters, numbersAfter?: number): Promise<Endpoint>;
}

/**
 * A client address has some 28 000 ports for each address of a server. Beyond this many clients another of these is
 * used: the kernel tries even ports first, one after the other from anywhere, and finds those taken ever more often.
 */
export const clientsPerAddress = 10_000;

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
  if (trial.target === null) return ownServer(trial, host, index);
  const target = allTargets(trial.target)[index];
  if (target === undefined) throw new Error("more servers than targets");
  return userServer(trial, target, host, index);
}

function ownServer(trial: PlannedTrial, host: Host, index: number): Serving {
  const { variant, servers } = trial;
  const remote = host.start("server", servers === 1 ? "server" : `server ${index + 1}`);
  return {
    remote,
    own: remote,
    publisher: null,
    async start(parameters, numbersAfter) {
      const addresses = shareOf(await host.serverAddresses(addressesWanted(trial)), index, servers);
      // Where a proxy is in front, TLS and HTTP/2 are between clients and that.
      const behind = atServer(variant);
      const { tls } = behind.bound.layers;
      const identity = tls === undefined ? null : await identityOf(tls);
      const numbers = numbersAfter === undefined ? {} : { numbersAfter };
      const started = await remote.call("start", {
        ...parameters,
        variant: recordedVariant(behind),
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

/** The addresses of one of so many servers: every one has its own, except where there are too few. */
function shareOf(addresses: readonly string[], index: number, servers: number): string[] {
  return addresses.length < servers
    ? addresses.slice(0, 1)
    : addresses.filter((_, place) => place % servers === index);
}

function userServer(trial: PlannedTrial, target: ServerTarget, host: Host, index: number): Serving {
  const publishes = index === 0;
  const remote = host.start("publisher", publishes ? "publisher" : `publisher ${index + 1}`);
  let group: number | null = null;
  return {
    remote,
    own: null,
    publisher: remote,
    async start(parameters) {
      const relay = await relayPlace(trial, host, index);
      group = (await remote.call("launch", { target })).group;
      return await remote.call("start", { ...parameters, target, relay, publishes });
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
  trial: PlannedTrial,
  host: Host,
  index: number,
): Promise<RelayPlace | null> {
  const { scenario, variant, servers } = trial;
  if (scenario.measures !== "counts") return null;
  const { tls } = variant.bound.layers;
  return {
    addresses: shareOf(await host.serverAddresses(addressesWanted(trial)), index, servers),
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
