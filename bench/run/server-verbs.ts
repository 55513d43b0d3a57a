import type { ServerFault } from "../../scenarios/fault.ts";
import type {
  Answered,
  Answering,
  PollCeiling,
  Repeats,
  SendingOptions,
  MemoryUse,
  Restarting,
  ServerVerbs,
} from "../../scenarios/scenario.ts";
import { clockWarnings } from "../measure/validity.ts";
import { noProxy } from "../plan/rehearsal.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { SendRequest, ServerVerbs as ProcessVerbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { Warning } from "../results/schema.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { memoryOf } from "./memory-of.ts";
import { pollCeiling } from "./poll-ceiling.ts";
import { roomCounts } from "./phase-sends.ts";
import type { RoomTraffic } from "./room-traffic.ts";
import type { Traffic } from "./traffic.ts";
import type { TrialProcesses } from "./trial-processes.ts";

/** The parts of a trial that these verbs use beside its processes. */
interface VerbContext {
  readonly traffic: Traffic;
  /** Is waited for before anything that costs processor time. */
  readonly lockMachine: () => Promise<void>;
  /** Others may use the machine until it is locked again. */
  readonly unlockMachine: () => void;
  readonly phaseStarts: (name: string) => void;
  readonly warn: (warnings: readonly Warning[]) => void;
}

/** Carries out what a script asks of the server, by asking the process that publishes. */
export class PublishingServerVerbs implements ServerVerbs {
  readonly #trial: PlannedTrial;
  readonly #processes: TrialProcesses;
  readonly #context: VerbContext;

  constructor(trial: PlannedTrial, processes: TrialProcesses, context: VerbContext) {
    this.#trial = trial;
    this.#processes = processes;
    this.#context = context;
  }

  async publish({
    forMs,
    ratePerSecond = this.#trial.workload.ratePerSecond,
    latestMs,
  }: SendingOptions): Promise<void> {
    const { traffic, lockMachine } = this.#context;
    await lockMachine();
    const { servers, fleet } = this.#processes;
    const { rooms } = traffic;
    if (rooms !== null) return await this.#publishToRooms(rooms, { forMs, ratePerSecond });
    const firstSequence = traffic.nextSequence;
    const sent = await servers.publish({ forMs, ratePerSecond, firstSequence, latestMs });
    const { messages } = sent;
    const counts = {
      intended: messages,
      rounds: messages,
      published: messages,
      sentUp: [],
      expected: fleet.loads.map(({ clients }) => clients * messages),
      toCanary: (fleet.canary?.clients ?? 0) * messages,
    };
    traffic.sent([sent], counts, ratePerSecond);
    traffic.nextSequence += messages;
  }

  async #publishToRooms(
    rooms: RoomTraffic,
    { forMs, ratePerSecond }: Pick<SendRequest, "forMs" | "ratePerSecond">,
  ): Promise<void> {
    const sending = rooms.next();
    const request = { forMs, ratePerSecond, firstSequence: 1, rooms: sending };
    const sent = await this.#processes.servers.publish(request);
    rooms.add(sending, "server", [sent]);
    this.#context.traffic.sent([sent], roomCounts(sent.messages), ratePerSecond);
  }

  async memory(): Promise<MemoryUse> {
    const held = await this.#processes.servers.ask((server) => server.call("memory", {}));
    return { ...memoryOf(held), kernelBytes: await this.#processes.kernelMemoryBytes() };
  }

  async pollCeiling(options: { connections: number; forMs: number }): Promise<PollCeiling | null> {
    const { lockMachine, phaseStarts, warn } = this.#context;
    const { polling, layers } = this.#trial.variant.bound;
    await lockMachine();
    // What polls as fast as it can speaks HTTP/1.1 only, and keeps its connections: that isn't the ceiling of others.
    if (polling === null || layers.keepalive === "off" || isHttp2(layers)) return null;
    phaseStarts("poll ceiling");
    const found = await pollCeiling(this.#processes, polling, options);
    if (found === null) return null;
    warn(found.warnings);
    return found.ceiling;
  }

  fault(fault: ServerFault | null): Promise<void> {
    return this.#processes.servers.fault(fault);
  }

  async answer(how: Answering): Promise<Answered> {
    const answered = await Promise.all(this.#own.map((server) => server.call("answer", { how })));
    return { pads: answered.every(({ pads }) => pads) };
  }

  async leave(): Promise<number> {
    const left = await Promise.all(this.#own.map((server) => server.call("leave", {})));
    return Math.min(...left);
  }

  async loses(how: { readonly sinceNs: number; readonly forMs: number }): Promise<number | null> {
    this.#context.unlockMachine();
    const told = await Promise.all(this.#own.map((server) => server.call("loses", how)));
    const first = Math.min(...told.map((atNs) => atNs ?? Infinity));
    return first === Infinity ? null : first;
  }

  /** The harness's own servers, in scenarios that watch what a proxy does with them. */
  get #own(): Remote<ProcessVerbs>[] {
    if (this.#trial.scenario.usesProxy !== true) throw new Error(noProxy);
    return this.#processes.servers.own;
  }

  async restart({ server = 0, downMs, graceMs = 0, afterMs = 0 }: Restarting): Promise<void> {
    const { clocks } = this.#processes;
    if (afterMs > 0) await this.#processes.idle(afterMs);
    const known = clocks.length;
    await this.#processes.restartServer({ server, downMs, graceMs });
    this.#context.warn(clockWarnings(clocks.slice(known)));
  }

  async repeats(how: Repeats): Promise<void> {
    await this.#processes.servers.ask((server) => server.call("repeats", { how }));
  }
}
