import type { BrowserVerbs } from "./browser-verbs.ts";
import type { BusName } from "../transports/bus-names.ts";
import type { Guards } from "../transports/guards.ts";
import type { Heartbeats } from "../transports/heartbeats.ts";
import type { EndpointVerbs } from "./endpoint-verbs.ts";
import type { Figure } from "./figure.ts";
import type { TokenFormat } from "./prompting.ts";
import type { MeasuredPhase } from "./measured-phase.ts";
import type {
  Backoff,
  BalancerVerbs,
  BusVerbs,
  ClientVerbs,
  IntruderVerbs,
  NetworkVerbs,
  ProbeVerbs,
  ProxyVerbs,
  ServerVerbs,
} from "./stage-verbs.ts";

export type { Guards, Heartbeats };
export type * from "./browser-verbs.ts";
export type * from "./endpoint-verbs.ts";
export type * from "./figure.ts";
export type * from "./measured-phase.ts";
export type * from "./prompting.ts";
export type * from "./stage-verbs.ts";

/** A straight-line script over a small stage: what happens, in which order, for how long. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** The workload where the user doesn't ask for another. */
  readonly workload: Pick<Workload, "clients" | "ratePerSecond" | "payloadBytes">;
  /** Trials of a cell in a default run, where another number than the default makes sense. */
  readonly trials?: number;
  /** How `durationMs` is to be scaled in this scenario; 1 when left out. */
  readonly durationShare?: number;
  /**
   * `counts`: only bytes and messages are counted. Late timers don't change these, several trials may run at once
   * while they `idle`, and a relay may stand in front of the user's own server to count its bytes. `time`: figures
   * depend on how soon something happens, and a trial needs the machine to itself.
   */
  readonly measures: "counts" | "time";
  /**
   * Whether one more client runs in a process of its own: if it gets messages much sooner than the others, their
   * latency is that of the process that they share.
   */
  readonly canary?: boolean;
  /** Whether clients have so much to do that load processes take all cores that servers leave. */
  readonly fillsCores?: boolean;
  /** Whether it looks for a number of clients, up to the workload's `maxConnections`. */
  readonly searches?: boolean;
  /** Whether clients may be asked to come back, and every delivery is accounted for; always so with `usesNetwork`. */
  readonly keepsLedger?: boolean;
  /** Whether the server's memory is read all along each measured phase. */
  readonly watchesMemory?: boolean;
  /** What it takes over from the workload besides the usual: a run in which no scenario does refuses to be given it. */
  readonly takes?: readonly (keyof Misfortune | keyof AnswersAsked)[];
  /**
   * Whether something stands between clients and server that the script has misbehave: `stage.network`. True for what
   * works on TCP connections, `packets` for what works on packets.
   */
  readonly usesNetwork?: boolean | "packets";
  /**
   * Whether the server is restarted: `stage.server.restart`. Only the harness's own can be, with `usesNetwork` or
   * `drainsServers`.
   */
  readonly restartsServer?: boolean;
  /**
   * Whether what stands in front of servers is asked to spare one: `stage.balancer`. Only in runs with a balancer; there
   * are two servers where it isn't said how many.
   */
  readonly drainsServers?: boolean;
  /** Whether the broker of the bus fails: `stage.bus.fail`. Only in runs with one that is started for them. */
  readonly failsBus?: boolean;
  /**
   * Limits that the harness's own server sets its clients: those of the options of a variant that can have them, where
   * the variant doesn't say otherwise.
   */
  readonly guards?: (workload: Workload) => Guards;
  /** Whether intruders try the server, in a process of their own: `stage.intruders`. */
  readonly hasIntruders?: boolean;
  /** Whether clients of its own watch closely what a proxy does: `stage.probe`, and `stage.proxy`. */
  readonly usesProxy?: boolean;
  /** Whether it asks tabs of the browser by itself: `stage.browser`. Only with variants whose clients are in one. */
  readonly usesTabs?: boolean;
  /** Trials that may be played side by side, since none of their figures is a matter of speed. */
  readonly trialsAtOnce?: number;
  /**
   * Whether an endpoint of the user's is asked as it is: `stage.endpoint`, with transports of which all do so. There are
   * no messages that are due, and no other verbs.
   */
  readonly asksEndpoint?: boolean;
  /** The variants of a run of this scenario alone that names none, where these aren't the usual ones. */
  readonly transports?: readonly string[];
  /** Whether it is left out of runs for which no scenarios are named. */
  readonly onlyWhenNamed?: boolean;
  /** The workload in a few words. */
  describe(workload: Workload): string;
  play(stage: Stage): Promise<void>;
}

export interface Workload extends Misfortune, AnswersAsked {
  readonly clients: number;
  /** Messages per second; where clients send, of each client. */
  readonly ratePerSecond: number;
  /** The size of a message before its encoding; the mean of a corpus. */
  readonly payloadBytes: number;
  /** Where they aren't the harness's usual ones: see `--payload-kind` and `--encoding`. */
  readonly payloadKind?: string | undefined;
  readonly payloadSha256?: string | undefined;
  readonly encoding?: string | undefined;
  /** What is between clients and server: see `--network`. */
  readonly network?: string | undefined;
  /** How many servers share the clients, and what carries messages to all: left out where one serves alone. */
  readonly servers?: number | undefined;
  readonly bus?: BusName | undefined;
  readonly warmUpMs: number;
  /** Duration of the measured phase. */
  readonly durationMs: number;
  /** The connection search goes no further. */
  readonly maxConnections: number;
}

/** What goes wrong, what clients do about it, and what is still good enough, where the user says so: scenarios have their own otherwise. */
export interface Misfortune {
  readonly reconnect?: Backoff | undefined;
  /** Milliseconds between two cuts of all connections. */
  readonly cutEveryMs?: number | undefined;
  /** How late 99 % of deliveries may be and still count as served, in milliseconds. */
  readonly objectiveMs?: number | undefined;
}

/** What is asked for and answered, where the user says so: scenarios have their own otherwise. */
export interface AnswersAsked {
  /** Bytes of a prompt. */
  readonly promptBytes?: number | undefined;
  /** Of an answer. */
  readonly tokens?: number | undefined;
  /** Mean rates of an answer's tokens, in tokens a second, each in a phase of its own. */
  readonly tokenRates?: readonly number[] | undefined;
  readonly firstTokenMs?: number | undefined;
  readonly tokenFormat?: TokenFormat | undefined;
}

export interface PhaseOptions {
  /**
   * Whether it tries what may be too much, in search of a limit: then it isn't doubted for being so. What it shows has to
   * be looked at by the script.
   */
  readonly isAttempt?: boolean;
  /**
   * Whether it is only compared with something that went on at the same time, on the same machine: then it isn't doubted
   * for what slows both down, but where a process stood still.
   */
  readonly isCompared?: boolean;
}

/** What a script works with. No verb carries traffic: each asks the processes to. */
export interface Stage {
  readonly workload: Workload;
  readonly transport: {
    readonly delivery: "push" | "pull";
    /** The time in which an idle client does everything once that it does periodically. */
    readonly idleCycleMs: number;
    /** Milliseconds between two polls of a client; null when it doesn't poll on a grid. */
    readonly pollIntervalMs: number | null;
    /** For how long servers gather messages before they send them, in milliseconds: 0 without `+batch`. */
    readonly batchMs: number;
    /** Whether clients can send: with those that only receive, a script that has them send is refused. */
    readonly sends: boolean;
    /** Whether `ConnectOptions.heartbeats` can be set: not those of the user's own server. */
    readonly setsHeartbeats: boolean;
    /** Why no definition gives the bytes of messages down or up; null where one does, or no reason is known. */
    readonly noTheory: Readonly<Record<"deliveries" | "upstream", string | null>>;
  };
  /** The longest that a trial may sit idle, in milliseconds: the user's profile sets it. */
  readonly maxIdleMs: number;
  readonly clients: ClientVerbs;
  readonly server: ServerVerbs;
  /** Throws in scenarios without `usesNetwork`. */
  readonly network: NetworkVerbs;
  /** Throws in scenarios without `failsBus`. */
  readonly bus: BusVerbs;
  /** Throws in scenarios without `drainsServers`. */
  readonly balancer: BalancerVerbs;
  /** Throws in scenarios without `hasIntruders`. */
  readonly intruders: IntruderVerbs;
  /** Throws in scenarios without `usesProxy`. */
  readonly probe: ProbeVerbs;
  /** Throws in scenarios without `usesProxy`. */
  readonly proxy: ProxyVerbs;
  /** Throws in scenarios without `usesTabs`. */
  readonly browser: BrowserVerbs;
  /** Throws in scenarios without `asksEndpoint`. */
  readonly endpoint: EndpointVerbs;

  /**
   * Lets time pass: longer than `forMs` where the cycle of the user's own server has to be observed first. Nothing
   * that follows in the script may depend on when it ends.
   */
  idle(forMs: number): Promise<void>;
  /** Runs and measures a named stretch of the script. Messages still on their way at its end are waited for. */
  phase(name: string, body: () => Promise<void>, how?: PhaseOptions): Promise<MeasuredPhase>;
  /** Runs a stretch that only brings everything into a steady state. */
  warmUp(body: () => Promise<void>): Promise<void>;
  /** States a conclusion of this trial. */
  figure(figure: Figure): void;
}

/** Gives a scenario's author types. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
