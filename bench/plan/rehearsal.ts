import { setTimeout } from "node:timers/promises";
import type {
  BalancerVerbs,
  BrowserVerbs,
  BusVerbs,
  ClientVerbs,
  ConnectOptions,
  EndpointVerbs,
  Figure,
  IntruderVerbs,
  MeasuredPhase,
  NetworkVerbs,
  ProbeVerbs,
  ProxyVerbs,
  RoomPlan,
  Scenario,
  ServerVerbs,
  Stage,
} from "../../scenarios/scenario.ts";
import { usageError } from "../errors/errors.ts";
import { adapterOf } from "../settings/adapters.ts";
import { parsePackets } from "../settings/parse-network.ts";
import { placed } from "../settings/error-place.ts";
import { guardsIn } from "../settings/variant.ts";
import { nothingMeasured } from "../measure/measured.ts";
import { placesIn } from "../rooms/room-plan.ts";
import { promptHeadBytes } from "../tokens/prompt.ts";
import { promptingMs } from "../tokens/prompting-time.ts";
import { hasLog, runsConcurrently } from "./plan.ts";
import type { PlannedTrial } from "./plan.ts";
import { EmptyBrowser } from "./empty-browser.ts";
import { EmptyProbe } from "./empty-probe.ts";

/**
 * Times that grow on a slower machine, in milliseconds on the one that they were measured on (two cores, quiet),
 * whose slowness is 1.
 */
const fixed = {
  /** Starting two processes, and ending them. */
  start: 400,
  /** A third one waits for a core. */
  thirdStart: 220,
  /** Two namespaces, their devices and the process between them, and their end. */
  packetNetwork: 600,
  /** Loading what looks for the ceiling of polls. */
  generatorStart: 200,
  /** The questions around a phase. */
  phase: 20,
  /** Dialling one connection. */
  dial: 0.5,
} as const;

/** What playing a script would take. */
export interface Rehearsal {
  /** Milliseconds in which its script needs the machine. */
  readonly busyMs: number;
  /** Milliseconds to be added on a machine whose slowness is 1; multiplied by the slowness on others. */
  readonly fixedMs: number;
  /** Milliseconds in which it only waits. */
  readonly idleMs: number;
  readonly phases: readonly string[];
  /** The measured phases, and what happens in them. */
  readonly stretches: readonly Stretch[];
  /** The figures that are stated when all goes well; their values mean nothing. */
  readonly figures: readonly Figure[];
  /** The most that are to be connected at once. */
  readonly maxClients: number;
}

export interface Stretch {
  readonly name: string;
  clients: number;
  /** Clients that are dialled. */
  dialled: number;
  published: boolean;
  sentUp: boolean;
}

/**
 * Plays a trial's script on a stage where every verb succeeds at once and only adds up its time: so a
 * plan and its duration come from the script itself.
 */
export async function rehearse(trial: PlannedTrial): Promise<Rehearsal> {
  const stage = new EmptyStage(trial);
  await play(trial.scenario, stage);
  const { busyMs, fixedMs, idleMs, phases, stretches, figures, maxClients } = stage;
  return { busyMs, fixedMs, idleMs, phases, stretches, figures, maxClients };
}

/** A script of an outsider's can have mistakes: they are told in one line. */
async function play(scenario: Scenario, stage: Stage): Promise<void> {
  const adapter = adapterOf("scenarios", scenario.name);
  if (adapter === undefined) return await scenario.play(stage);
  const over = new AbortController();
  const late = setTimeout(rehearsalMs, null, { signal: over.signal }).then(() => {
    throw new Error(`its rehearsal takes longer than ${rehearsalMs / 1_000} s`);
  });
  try {
    await Promise.race([scenario.play(stage), late]);
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    throw usageError(`${scenario.name}: ${placed(adapter, message, stack)}`);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/** Nothing is waited for in it. */
const rehearsalMs = 10_000;

type Channels = NonNullable<ConnectOptions["channels"]>;

// What nobody can count the deliveries of.
const bothKinds =
  'clients with channels: "own" and with the shared one can\'t be connected at once';
const publishedToOwn =
  'publish reaches clients of the shared channel, but those connected have channels: "own"';
const sentOnShared =
  'what clients send on the shared channel reaches them all: connect them with channels: "own"';

const roomsAreFull = "clients fill the rooms that they are connected to: as many as have a place";
export const notInRooms = "clients that change rooms have to be connected to some";
const otherRooms = "there is one plan of rooms in a trial";

// A server of the user's own numbers what it gets from others, and of batches it isn't known how many messages they hold.
const roomsAreOurs =
  "--scenarios: rooms are those of the harness's own servers; leave out --target";
const roomsUnbatched = "--transports: clients find the numbers of a room; leave out +batch";

const noPrompts = 'clients that prompt have to be connected with channels: "own" and prompts: true';

function tooShort(bytes: number): string {
  return `--prompt: a prompt says what is asked for, and has at least ${promptHeadBytes} bytes, not ${bytes}`;
}

const answersAreOurs =
  "--scenarios: only the harness's own servers answer prompts; leave out --target";

const nobodyNoticed = { of: 0, count: 0, after: () => null };

const unknownMemory = { residentBytes: null, heapBytes: null };

export const noNetwork = "the scenario has to say usesNetwork: true to use the network";
export const noPackets =
  'the scenario has to say usesNetwork: "packets" for a network to become another';

export const noRestart = "the scenario has to say restartsServer: true to restart the server";

const missedWhileAway =
  "--servers: a server that is restarted misses what clients send up to the others meanwhile; name one server, or --bus redis-streams";

// Node's HTTP/2 takes what has arrived from the kernel by itself, and counts what a stream hasn't read.
const notOverHttp2 =
  "--scenarios: clients can't stop reading their connections over HTTP/2; leave out +h2 and +h2c";

export const noDraining =
  "the scenario has to say drainsServers: true to have the balancer spare a server";

const missesMeanwhile =
  "--bus: a server that is restarted while another publishes has to be told what it misses; leave it out, or give redis-streams";

export const noFailing = "the scenario has to say failsBus: true to have the broker fail";

export const noBrowser =
  "the scenario has to say usesTabs: true to ask tabs of a browser by itself";

export const noProxy = "the scenario has to say usesProxy: true to watch what a proxy does";

export const noEndpoint = "the scenario has to say asksEndpoint: true to ask an endpoint as it is";

export const noIntruders = "the scenario has to say hasIntruders: true for anybody to intrude";

export const noLedger =
  "the scenario has to say keepsLedger: true, or usesNetwork: true, to have clients come back";

class EmptyStage implements Stage {
  readonly workload: Stage["workload"];
  readonly transport: Stage["transport"];
  readonly maxIdleMs: number;
  readonly clients: ClientVerbs = {
    connect: async (clients, options) => this.#connect(clients, options),
    tryConnect: async (clients, options) => {
      this.#connect(clients, options);
      return { clients, stopped: null };
    },
    disconnect: async (clients = 0) => {
      this.#clients = clients;
    },
    send: async ({ forMs }) => {
      if (this.#unsendable !== null) throw this.#unsendable;
      if (this.#channels === "shared" && this.#clients > 1) throw new Error(sentOnShared);
      this.#send(forMs);
      if (this.#stretch !== null) this.#stretch.sentUp = true;
    },
    prompt: async (prompting) => {
      if (this.#unsendable !== null) throw this.#unsendable;
      if (this.#unprompted !== null) throw this.#unprompted;
      if (!this.#prompts) throw new Error(noPrompts);
      const shortest = Math.min(...[prompting.promptBytes].flat());
      if (shortest < promptHeadBytes) throw usageError(tooShort(shortest));
      this.#send(promptingMs(prompting));
    },
    changeRooms: async ({ forMs, ratePerSecond }) => {
      if (typeof this.#channels === "string") throw new Error(notInRooms);
      const dialled = Math.ceil((ratePerSecond * forMs) / 1_000);
      if (this.#stretch !== null) this.#stretch.dialled += dialled;
    },
    memory: async () => unknownMemory,
    comeBack: async () => {
      if (!this.#keepsLedger) throw new Error(noLedger);
    },
    stopReading: async () => {
      if (this.#isHttp2) throw usageError(notOverHttp2);
    },
    fault: async () => {},
  };
  readonly server: ServerVerbs = {
    publish: async ({ forMs, ratePerSecond = this.workload.ratePerSecond }) => {
      if (this.#channels === "own" && this.#clients > 0) throw new Error(publishedToOwn);
      this.#send(forMs);
      if (this.#usesProxy) this.#probe.publish({ forMs, ratePerSecond });
      if (this.#stretch !== null) this.#stretch.published = true;
    },
    memory: async () => unknownMemory,
    pollCeiling: async ({ forMs }) => {
      if (this.transport.delivery === "push") return null;
      this.phases.push("poll ceiling");
      this.fixedMs += fixed.generatorStart;
      this.busyMs += forMs;
      return { requestsPerSecond: 0, serverUtilisation: 1 };
    },
    fault: async () => {},
    answer: async () => {
      this.#useProxy();
      return { pads: true };
    },
    leave: async () => {
      this.#useProxy();
      return this.#probe.leave();
    },
    loses: async ({ sinceNs }) => {
      this.#useProxy();
      return sinceNs;
    },
    repeats: async () => {},
    restart: async ({ server = 0 }) => {
      if (!this.#drainsServers) this.#useNetwork();
      if (!this.#restartsServer) throw new Error(noRestart);
      if (server > 0 && !this.#tellsMissed) throw usageError(missesMeanwhile);
      if (this.#missesWhileAway && this.#channels === "own") throw usageError(missedWhileAway);
      this.fixedMs += fixed.thirdStart;
    },
  };
  readonly network: NetworkVerbs = {
    carry: async () => this.#useNetwork(),
    cut: async () => this.#useNetwork(),
    fallSilent: async ({ forMs }) => {
      this.#useNetwork();
      this.#spend(forMs);
      return { clients: nobodyNoticed, server: nobodyNoticed };
    },
    refuse: async () => this.#useNetwork(),
    restore: async () => this.#useNetwork(),
    become: async (network) => {
      if (this.#usesNetwork !== "packets") throw new Error(noPackets);
      parsePackets(network);
    },
  };
  readonly bus: BusVerbs = {
    // It goes on while the script does something else, which takes as long.
    fail: async () => {
      if (!this.#failsBus) throw new Error(noFailing);
    },
  };
  readonly balancer: BalancerVerbs = {
    // The same.
    drain: async () => this.#drain(),
    restore: async () => this.#drain(),
    forget: async () => this.#drain(),
  };
  readonly intruders: IntruderVerbs = {
    // It goes on while the script does something else, which takes as long.
    intrude: async () => {
      if (this.#unintrudable !== null) throw this.#unintrudable;
    },
  };
  readonly #probe = new EmptyProbe();
  readonly probe: ProbeVerbs = {
    open: async () => {
      this.#useProxy();
      this.fixedMs += fixed.dial;
      return this.#probe.open();
    },
    heard: async (id) => this.#probe.heard(id),
    close: async (id) => this.#probe.close(id),
    ask: async ({ forMs }) => {
      this.#spend(forMs);
      return null;
    },
  };
  readonly browser: BrowserVerbs = new EmptyBrowser(
    (ms) => {
      if (!this.#usesTabs) throw new Error(noBrowser);
      this.#spend(ms);
    },
    (ms) => (this.idleMs += ms),
  );
  readonly proxy: ProxyVerbs = {
    reload: async () => {
      this.#useProxy();
      return null;
    },
  };
  readonly endpoint: EndpointVerbs = {
    ask: async ({ forMs }) => {
      if (!this.#asksEndpoint) throw new Error(noEndpoint);
      this.#spend(forMs);
    },
  };
  readonly phases: string[] = [];
  readonly stretches: Stretch[] = [];
  readonly figures: Figure[] = [];
  busyMs = 0;
  fixedMs: number = fixed.start;
  idleMs = 0;
  maxClients = 0;
  #clients = 0;
  #channels: Channels = "shared";
  #rooms: RoomPlan | null = null;
  readonly #notInRooms: Error | null;
  /** Whether all that it does leaves the machine to other trials. */
  readonly #runsConcurrently: boolean;
  readonly #usesNetwork: Scenario["usesNetwork"];
  readonly #restartsServer: boolean;
  /** Whether a server doesn't get what others have published while it was away. */
  readonly #missesWhileAway: boolean;
  readonly #keepsLedger: boolean;
  readonly #failsBus: boolean;
  readonly #drainsServers: boolean;
  /** Whether a server that joins while another publishes gets to know what it has missed. */
  readonly #tellsMissed: boolean;
  readonly #usesProxy: boolean;
  readonly #usesTabs: boolean;
  readonly #asksEndpoint: boolean;
  readonly #isHttp2: boolean;
  readonly #unintrudable: Error | null;
  readonly #unsendable: Error | null;
  readonly #unprompted: Error | null;
  #prompts = false;
  /** The current stretch; null in between. */
  #stretch: Stretch | null = null;
  /** Milliseconds until the last client has polled for what was sent in this phase. */
  #drainMs = 0;

  constructor(trial: PlannedTrial) {
    const { scenario, workload, variant, maxIdleMs } = trial;
    const { bound } = variant;
    this.#runsConcurrently = runsConcurrently(trial);
    this.#usesNetwork = scenario.usesNetwork;
    if (trial.network !== null) this.fixedMs += fixed.packetNetwork;
    this.#restartsServer = scenario.restartsServer === true;
    this.#missesWhileAway = trial.servers > 1 && !hasLog(trial);
    // Each starts while the others do, and all want a core.
    this.fixedMs += (trial.servers - 1) * fixed.thirdStart;
    this.#keepsLedger = scenario.usesNetwork === true || scenario.keepsLedger === true;
    this.#failsBus = scenario.failsBus === true;
    this.#drainsServers = scenario.drainsServers === true;
    this.#tellsMissed = trial.bus === "none" || hasLog(trial);
    this.#usesProxy = scenario.usesProxy === true;
    this.#usesTabs = scenario.usesTabs === true;
    this.#asksEndpoint = scenario.asksEndpoint === true;
    this.#isHttp2 = speaksHttp2(trial);
    this.#notInRooms = withoutRooms(trial);
    this.#unintrudable = unintrudable(trial);
    if (trial.bus !== "none" && trial.broker === null) this.fixedMs += fixed.thirdStart;
    if (trial.balance !== "none") this.fixedMs += fixed.thirdStart;
    this.#unsendable = unsendable(trial);
    this.#unprompted = trial.target === null ? null : usageError(answersAreOurs);
    const isRelayed = scenario.usesNetwork === true || trial.relay !== null;
    for (const isThere of [scenario.canary, isRelayed, scenario.hasIntruders, scenario.usesProxy]) {
      if (isThere === true) this.fixedMs += fixed.thirdStart;
    }
    this.workload = workload;
    this.maxIdleMs = maxIdleMs;
    this.transport = {
      delivery: bound.delivery,
      idleCycleMs: bound.idleCycleMs,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
      batchMs: bound.layers.batchMs ?? 0,
      sends: bound.sends,
      setsHeartbeats: bound.setsHeartbeats && trial.target === null,
      noTheory: bound.noTheory,
    };
  }

  #useNetwork(): void {
    if (this.#usesNetwork !== true) throw new Error(noNetwork);
  }

  #drain(): void {
    if (!this.#drainsServers) throw new Error(noDraining);
  }

  #useProxy(): void {
    if (!this.#usesProxy) throw new Error(noProxy);
  }

  async idle(forMs: number): Promise<void> {
    this.idleMs += forMs;
    this.#probe.pass(forMs);
  }

  async phase(name: string, body: () => Promise<void>): Promise<MeasuredPhase> {
    const stretch = { name, clients: 0, dialled: 0, published: false, sentUp: false };
    this.phases.push(name);
    this.stretches.push(stretch);
    this.#stretch = stretch;
    this.#drainMs = 0;
    await body();
    this.fixedMs += fixed.phase;
    this.#spend(this.#drainMs);
    stretch.clients = this.#clients;
    this.#stretch = null;
    return nothingMeasured(name, this.#clients);
  }

  async warmUp(body: () => Promise<void>): Promise<void> {
    this.phases.push("warm-up");
    await body();
    this.fixedMs += fixed.phase;
  }

  figure(figure: Figure): void {
    this.figures.push(figure);
  }

  #connect(
    clients: number,
    { channels = "shared", prompts, overMs = 0 }: ConnectOptions = {},
  ): void {
    this.#spend(overMs);
    if (typeof channels === "object") this.#enterRooms(clients, channels);
    else if (channels !== this.#channels && this.#clients > 0) throw new Error(bothKinds);
    this.#channels = channels;
    if (prompts === true && channels !== "own") throw new Error(noPrompts);
    this.#prompts = prompts === true;
    const dialled = Math.max(0, clients - this.#clients);
    this.fixedMs += dialled * fixed.dial;
    if (this.#stretch !== null) this.#stretch.dialled += dialled;
    this.#clients = clients;
    this.maxClients = Math.max(this.maxClients, clients);
  }

  #enterRooms(clients: number, plan: RoomPlan): void {
    if (this.#notInRooms !== null) throw this.#notInRooms;
    if (clients !== placesIn(plan)) throw new Error(roomsAreFull);
    this.#rooms ??= plan;
    if (JSON.stringify(this.#rooms) !== JSON.stringify(plan)) throw new Error(otherRooms);
  }

  /** With the machine, or while others have it. */
  #spend(ms: number): void {
    if (this.#runsConcurrently) this.idleMs += ms;
    else this.busyMs += ms;
  }

  #send(forMs: number): void {
    this.#spend(forMs);
    this.#drainMs = this.transport.pollIntervalMs ?? 0;
  }
}

function speaksHttp2({ variant }: PlannedTrial): boolean {
  const { h2, h2c } = variant.bound.layers;
  return h2 !== undefined || h2c !== undefined;
}

/** Why the clients of a trial can't be in rooms; null where they can. */
function withoutRooms({ target, variant }: PlannedTrial): Error | null {
  if (target !== null) return usageError(roomsAreOurs);
  return variant.bound.layers.batchMs === undefined ? null : usageError(roomsUnbatched);
}

/** Why clients of a trial can't send; null where they can. */
function unsendable({ scenario, variant }: PlannedTrial): Error | null {
  if (variant.bound.sends) return null;
  return usageError(
    `--scenarios: ${scenario.name} has clients send, and ${variant.name} only receives; name others, or another client`,
  );
}

/** Why nobody can try the limits of a trial's server by hand; null where somebody can. */
function unintrudable(trial: PlannedTrial): Error | null {
  const { scenario, target, variant } = trial;
  const { name, bound } = variant;
  if (scenario.hasIntruders !== true) return new Error(noIntruders);
  if (target !== null) return usageError("--target: intruders try the harness's own servers only");
  if (speaksHttp2(trial)) {
    return usageError("--transports: intruders speak HTTP/1.1 only; leave out +h2 and +h2c");
  }
  if (bound.wireForm === null) {
    return usageError(`--transports: intruders don't know how ${name} is spoken`);
  }
  if (Object.keys(guardsIn(variant)).length === 0) {
    return usageError(`--transports: ${name} has none of the limits that intruders try`);
  }
  return null;
}
