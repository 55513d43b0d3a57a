import { setTimeout } from "node:timers/promises";
import type { Guards } from "../../transports/guards.ts";
import type { WireForm } from "../../transports/wire-form.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { noNetwork, noRestart } from "../plan/rehearsal.ts";
import type {
  AskerVerbs,
  IntruderVerbs,
  LoadVerbs,
  NetworkVerbs,
  PayloadSize,
  ProbeVerbs,
  ProbedWay,
  PublishingVerbs,
  TrialParameters,
} from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { MachineMonitor } from "../measure/machine-monitor.ts";
import { atServer } from "../settings/proxies.ts";
import { guardsIn, recordedVariant } from "../settings/variant.ts";
import type { RecordedVariant } from "../settings/variant.ts";
import type { ClockCheck, ProcessStall, Resources } from "../results/schema.ts";
import type { RelayProfile } from "../settings/relay-profile.ts";
import { atHost } from "./at-host.ts";
import { checkClock } from "./clocks.ts";
import { Fleet } from "./fleet.ts";
import type { Hosts } from "./host.ts";
import { loadRoom, loadsFor, mostClients } from "./load-count.ts";
import { addressesWanted, noEndpoint, servingFor, trialParametersOf } from "./serving.ts";
import type { Endpoint } from "./serving.ts";
import { Servers } from "./servers.ts";
import { MachineFailure } from "./machine-failure.ts";
import { TrialBalancer } from "./trial-balancer.ts";
import { TrialProxy } from "./trial-proxy.ts";
import { TrialBus } from "./trial-bus.ts";

/** The processes of one trial, from their start to their end: servers, and the fleet of clients. */
export class TrialProcesses implements AsyncDisposable {
  readonly fleet: Fleet;
  readonly clocks: ClockCheck[] = [];
  /** See `Hosts.link`. */
  readonly link: Hosts["link"];
  /** See `Hosts.clocks`. */
  readonly hostClocks: Hosts["clocks"];
  /** See `Hosts.loads`. */
  readonly hostLoads: Hosts["loads"];
  /** See `Hosts.packets`. */
  readonly packets: Hosts["packets"];
  readonly #hosts: Hosts;
  readonly #parameters: TrialParameters;
  /** The variant as the server has it. */
  readonly #atServer: RecordedVariant;
  readonly servers: Servers;
  /** What carries messages between servers; null where one serves alone. */
  readonly bus: TrialBus | null;
  /** What stands in front of servers, at one address; null where clients dial them. */
  readonly balancer: TrialBalancer | null;
  /** What stands between clients and the one server; null where clients dial that. */
  readonly proxy: TrialProxy | null;
  /** Between a balancer and servers that are restarted; null without. */
  readonly gate: Remote<NetworkVerbs> | null;
  /** The relay between clients and server; null where neither the user nor the scenario asks for one. */
  readonly network: Remote<NetworkVerbs> | null;
  /** Who tries the server's limits; null where nobody does. */
  readonly intruders: Remote<IntruderVerbs> | null;
  /** Whose clients watch what a proxy does; null where nobody does. */
  readonly probe: Remote<ProbeVerbs> | null;
  /** Whose clients ask an endpoint of the user's as it is; null where nobody does. */
  readonly asker: Remote<AskerVerbs> | null;
  readonly #target: PlannedTrial["target"];
  readonly #form: WireForm | null;
  readonly #guards: Guards;
  /** How many servers have, together. */
  readonly #serverAddresses: number;
  readonly #relay: RelayProfile | null;
  #endpoint = noEndpoint;
  /** What the network process adds to one way by itself; null without one. */
  networkDelayNs: number | null = null;

  constructor(trial: PlannedTrial, hosts: Hosts) {
    this.#hosts = hosts;
    this.link = hosts.link;
    this.packets = hosts.packets;
    this.hostClocks = hosts.clocks;
    this.hostLoads = hosts.loads;
    this.#parameters = trialParametersOf(trial);
    this.#atServer = recordedVariant(atServer(trial.variant));
    this.bus = TrialBus.of(trial, hosts.servers);
    this.servers = new Servers(
      trial.servers,
      (index) => servingFor(trial, hosts.servers.at(index), index),
      trial.scenario.restartsServer === true,
      this.bus,
    );
    this.balancer = TrialBalancer.of(trial, hosts.servers);
    this.proxy = TrialProxy.of(trial, hosts.servers);
    const isGated = this.front !== null && this.servers.isRestartable;
    this.gate = isGated ? hosts.servers.start("network", "gate") : null;
    this.#relay = trial.relay;
    const isScripted = trial.scenario.usesNetwork === true;
    this.network =
      isScripted || trial.relay !== null ? hosts.servers.start("network", "network") : null;
    const { bound } = trial.variant;
    this.#form = bound.wireForm;
    this.#guards = guardsIn(trial.variant);
    this.intruders =
      trial.scenario.hasIntruders === true ? hosts.clients.start("intruders", "intruders") : null;
    this.probe = trial.scenario.usesProxy === true ? hosts.clients.start("probe", "probe") : null;
    this.asker =
      trial.scenario.asksEndpoint === true ? hosts.clients.start("asker", "asker") : null;
    this.#target = trial.target;
    this.#serverAddresses = addressesWanted(trial);
    const { browser } = bound;
    this.fleet = new Fleet(hosts.clients, this.#parameters, browser, (remote) =>
      this.#checkClock(remote),
    );
    this.fleet.mayComeBack = isScripted || trial.scenario.keepsLedger === true;
    try {
      const room = loadRoom(trial);
      const share = bound.layers.share ?? 1;
      // All pages of one browser.
      const loads = browser === null ? loadsFor(mostClients(trial, room), share, room) : 1;
      this.fleet.open(
        // Of a probe and an asker, clients are their own.
        this.probe !== null || this.asker !== null ? 0 : loads,
        trial.scenario.canary === true,
      );
    } catch (error) {
      // Otherwise nothing would end the processes that have been started.
      void this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What stands in front of servers, at one address; null where clients dial them. */
  get front(): TrialBalancer | TrialProxy | null {
    return this.balancer ?? this.proxy;
  }

  /** The server's host and port as in the header `Host`. */
  get authority(): string {
    const [server] = this.#endpoint.servers;
    return server === undefined ? "" : new URL(server.url).host;
  }

  /** What the transport is given to carry. */
  get payloadSize(): PayloadSize {
    return this.#endpoint.carried;
  }

  /** Waits until each process has loaded what it needs; resolves with false when one has ended. */
  async loaded(): Promise<boolean> {
    const answers = await Promise.allSettled([
      this.servers.loaded(),
      ...this.fleet.holders.map(({ remote }) => remote.call("prepare", this.#parameters)),
    ]);
    return answers.every(({ status }) => status === "fulfilled");
  }

  /** Has the processes agree on a clock, a port and payloads. */
  async start(): Promise<void> {
    this.#endpoint = await this.servers.start(this.#parameters);
    const direct = this.#endpoint;
    await this.servers.ask((server) => this.#checkClock(server));
    if (this.gate !== null) await this.#startGate(this.gate);
    if (this.front !== null) this.#endpoint = await this.front.start(this.#endpoint);
    if (this.network !== null) await this.#startNetwork(this.network);
    await this.fleet.start(this.#endpoint);
    await this.#startIntruders();
    if (this.probe !== null) await this.#startProbe(this.probe, direct);
    if (this.asker !== null) await this.#startAsker(this.asker);
  }

  async #startAsker(asker: Remote<AskerVerbs>): Promise<void> {
    const { servers, trust } = this.#endpoint;
    const [server] = servers;
    const { path = "/", request } = this.#target ?? {};
    if (server === undefined || request === undefined) throw new Error("no endpoint");
    const { variant } = this.#parameters;
    await asker.call("start", { variant, server, trust, path, request });
    await this.#checkClock(asker);
  }

  /** Its clients reach the server as all others do, and `direct` past all that stands in front of it. */
  async #startProbe(probe: Remote<ProbeVerbs>, direct: Endpoint): Promise<void> {
    const { variant, ...parameters } = this.#parameters;
    const wayTo = ({ servers: [server], trust }: Endpoint, variant: RecordedVariant): ProbedWay => {
      if (server === undefined) throw new Error("no server");
      return { server, trust, variant };
    };
    const ways = { proxy: wayTo(this.#endpoint, variant), direct: wayTo(direct, this.#atServer) };
    await probe.call("start", { ...parameters, ways });
    await this.#checkClock(probe);
    // From here on they know whom they lose.
    await Promise.all(this.servers.own.map((server) => server.call("answer", { how: {} })));
  }

  async #startIntruders(): Promise<void> {
    const { trust, servers } = this.#endpoint;
    const [server] = servers;
    const form = this.#form;
    if (form === null || server === undefined) return;
    await this.intruders?.call("start", { server, trust, form, guards: this.#guards });
  }

  /** Clients find the server behind it. */
  async #startNetwork(network: Remote<NetworkVerbs>): Promise<void> {
    this.networkDelayNs = await this.#startRelay(network, this.#relay);
  }

  /** What is in front finds the servers behind it, also those that take the place of others. */
  async #startGate(gate: Remote<NetworkVerbs>): Promise<void> {
    await this.#startRelay(gate, null);
  }

  /** Stands in front of what is there so far; returns what it adds to one way. */
  async #startRelay(relay: Remote<NetworkVerbs>, profile: RelayProfile | null): Promise<number> {
    const { servers, ownAddresses: keepsAddresses = false } = this.#endpoint;
    const wanted = keepsAddresses ? servers.length : this.#serverAddresses;
    const addresses = await this.#hosts.servers.serverAddresses(wanted);
    const { seed } = this.#parameters;
    const apart = keepsAddresses ? servers.length : this.servers.count;
    if (addresses.length < apart) throw new MachineFailure(tooFewAddresses);
    const { port, ownDelayNs } = await relay.call("start", {
      addresses,
      servers,
      seed,
      profile,
      keepsAddresses,
    });
    const relayed = addresses.map((host, index) => {
      const { url = "", by } = servers[index % servers.length] ?? {};
      return by === undefined ? { host, port, url } : { host, port, url, by };
    });
    this.#endpoint = { ...this.#endpoint, servers: relayed };
    await this.#checkClock(relay);
    return ownDelayNs;
  }

  /**
   * Ends a server as if its process had been killed, after a time in which its clients are asked to go, and has another
   * serve in its place, `downMs` later if it is ready by then.
   */
  async restartServer({ server, downMs, graceMs }: RestartHow): Promise<void> {
    const { servers } = this;
    // Clients still reach the address of what is in front.
    const network = this.gate ?? this.network;
    if (network === null) throw new Error(noNetwork);
    if (!servers.isRestartable) throw new Error(noRestart);
    await servers.restart(server, {
      network,
      downMs,
      graceMs,
      idle: (forMs) => this.idle(forMs),
      checkClock: (server) => this.#checkClock(server),
    });
  }

  /** Lets time pass; rejects with `ProcessEnded` as soon as one of the processes has ended. */
  async idle(forMs: number): Promise<void> {
    const over = new AbortController();
    const remotes = [
      this.servers,
      ...this.#between,
      ...(this.bus === null ? [] : [this.bus]),
      ...(this.front === null ? [] : [this.front]),
      ...(this.packets === null ? [] : [this.packets]),
      ...this.fleet.browsers,
      ...this.fleet.holders.map(({ remote }) => remote),
    ];
    const ended = await Promise.race([
      setTimeout(forMs, null, { signal: over.signal }),
      ...remotes.map((remote) => remote.ended),
    ]);
    if (ended === null) return;
    over.abort();
    throw ended;
  }

  /** The longest stall of each process since its window was opened. */
  async longestStalls(): Promise<ProcessStall[]> {
    const ofOne = async (remote: Stalling): Promise<ProcessStall> =>
      atHost(remote, { process: remote.name, ...(await remote.call("longestStall", {})) });
    const ofFleet = this.fleet.each(({ remote }) => ofOne(remote));
    const asker = this.asker === null ? [] : [this.asker];
    const [servers, relays, fleet] = await Promise.all([
      this.servers.longestStalls(),
      Promise.all([...this.#relays, ...asker].map(ofOne)),
      ofFleet,
    ]);
    return [...servers, ...relays, ...fleet];
  }

  /** Bytes that the kernel has received and clients haven't read; null where the system doesn't report it. */
  receiveQueueBytes(): Promise<number | null> {
    const ports = this.#endpoint.servers.map(({ port }) => port);
    return this.#hosts.clients.receiveQueueBytes(new Set(ports));
  }

  /** See `Host.kernelMemoryBytes`. */
  kernelMemoryBytes(): Promise<number | null> {
    return this.#hosts.servers.kernelMemoryBytes();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const fronts = this.front === null ? [] : [this.front];
    const all = [this.servers, ...this.#between, this.fleet, ...fronts];
    // Servers that lose their broker before they end would try to reach it again.
    await Promise.all(all.map((part) => part[Symbol.asyncDispose]()));
    await this.bus?.[Symbol.asyncDispose]();
    await this.#hosts.attempt?.[Symbol.asyncDispose]();
  }

  /** The processes that are neither servers nor hold clients of the trial. */
  get #between(): Remote<Pick<NetworkVerbs, "end">>[] {
    return [
      ...this.#relays,
      ...[this.intruders, this.probe, this.asker].filter((one) => one !== null),
    ];
  }

  get #relays(): Remote<NetworkVerbs>[] {
    return [this.network, this.gate].filter((relay) => relay !== null);
  }

  /** Opens the windows in which is counted what those use that stand between clients and servers. */
  async beginBetween(seed: number): Promise<void> {
    for (const relay of this.#relays) await relay.call("begin", { seed });
    await this.intruders?.call("begin", {});
    await this.probe?.call("begin", {});
    await this.asker?.call("begin", {});
    await this.bus?.begin();
    await this.front?.begin();
    await Promise.all(this.fleet.browsers.map((browser) => browser.begin()));
  }

  /** Closes them. */
  async endBetween(): Promise<Resources[]> {
    const used = await Promise.all([
      ...this.#between.map(async (remote) => atHost(remote, await remote.call("end", {}))),
      this.bus?.end(),
      this.front?.end(),
      ...this.fleet.browsers.map((browser) => browser.end()),
    ]);
    return used.filter((one) => one != null);
  }

  async #checkClock(remote: Remote<Pick<PublishingVerbs, "clock">>): Promise<void> {
    this.clocks.push(await checkClock(remote.name, () => remote.call("clock", {})));
  }
}

/** Which server is restarted, counted from 0, and how, in milliseconds. */
interface RestartHow {
  readonly server: number;
  readonly downMs: number;
  readonly graceMs: number;
}

/** A process that tells its stalls. */
type Stalling = Remote<Pick<LoadVerbs, "longestStall">>;

const tooFewAddresses =
  "a network in front of several servers needs a loopback address for each, which this system doesn't have";

/** The longest stall of each process, including the director's. */
export async function stallsOf(
  processes: TrialProcesses,
  monitor: MachineMonitor,
): Promise<ProcessStall[]> {
  const others = await processes.longestStalls();
  return [...others, { process: "director", ...monitor.longestStall() }];
}
