import type {
  Connected,
  ConnectOptions,
  Figure,
  Measured,
  PollCeiling,
  SendingOptions,
  Stage,
  Workload,
} from "../scenarios/scenario.ts";
import type { BoundTransport } from "../transports/transport.ts";
import type { Crew } from "./crew.ts";
import type { Turn } from "./machine.ts";
import { nowNs } from "./measure/clock.ts";
import { linkBetween } from "./measure/link.ts";
import { linkQuiet } from "./measure/link-quiet.ts";
import { measuredOf } from "./measure/measured.ts";
import { clockWarnings, isStream, warningsOf } from "./measure/validity.ts";
import { phaseOf } from "./phase.ts";
import type { Sendings } from "./phase.ts";
import { phaseTheory, shares } from "./phase-theory.ts";
import type { PlannedTrial } from "./plan.ts";
import type { Collected, Dialled, Sent } from "./processes/protocol.ts";
import type { Figure as ResultFigure, Phase, Warning } from "./results/schema.ts";

/** How long messages that are still on their way at the end of a phase are waited for. */
const drainMs = 2_000;

/** Plays verbs by asking the crew's processes, and keeps what they measure. */
export class Director implements Stage {
  readonly workload: Workload;
  readonly transport: Stage["transport"];
  readonly patienceMs: number;
  readonly phases: Phase[] = [];
  readonly figures: ResultFigure[] = [];
  readonly warnings: Warning[] = [];
  readonly #crew: Crew;
  readonly #turn: Turn;
  readonly #bound: BoundTransport;
  readonly #timed: boolean;
  readonly #phaseStarts: (name: string) => void;
  #channels: "shared" | "own" = "shared";
  #nextSequence = 1;
  #published = 0;
  #disconnected = 0;
  #sendings: Sendings | undefined;
  #dialled: Dialled[] = [];

  constructor(trial: PlannedTrial, crew: Crew, turn: Turn, phaseStarts: (name: string) => void) {
    const { bound } = trial.variant;
    this.workload = trial.workload;
    this.patienceMs = trial.patienceMs;
    this.transport = {
      delivery: bound.delivery,
      idleCycleMs: bound.idleCycleMs,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
    };
    this.#crew = crew;
    this.#turn = turn;
    this.#bound = bound;
    this.#timed = trial.scenario.sideBySide !== true;
    this.#phaseStarts = phaseStarts;
    this.warnings.push(...clockWarnings(crew.clocks));
  }

  async connect(clients: number, options: ConnectOptions = {}): Promise<void> {
    const { stopped, clients: reached } = await this.tryConnect(clients, options);
    if (stopped === null) return;
    throw new Error(`only ${reached} of ${clients} clients could connect: ${stopped.explanation}`);
  }

  async tryConnect(clients: number, options: ConnectOptions = {}): Promise<Connected> {
    await this.#turn.take();
    this.#channels = options.channels ?? "shared";
    await this.disconnect(clients);
    const { dialled, stopped } = await this.#crew.dial({
      clients,
      channels: this.#channels,
      nextSequence: this.#nextSequence,
    });
    this.#dialled.push(...dialled);
    return { clients: this.#crew.clients, stopped };
  }

  disconnect(clients = 0): Promise<void> {
    return this.#crew.hangUp(clients);
  }

  async publish({
    forMs,
    ratePerSecond = this.workload.ratePerSecond,
  }: SendingOptions): Promise<void> {
    await this.#turn.take();
    const sent = await this.#crew.server.call("publish", {
      forMs,
      ratePerSecond,
      firstSequence: this.#nextSequence,
    });
    const expected = this.#crew.holders.map(({ clients }) => clients * sent.messages);
    const { messages } = sent;
    const counts = {
      intended: messages,
      rounds: messages,
      published: messages,
      sentUp: [],
      expected,
    };
    this.#book([sent], counts, ratePerSecond);
    this.#nextSequence += sent.messages;
  }

  async send({
    forMs,
    ratePerSecond = this.workload.ratePerSecond,
  }: SendingOptions): Promise<void> {
    await this.#turn.take();
    const sending = { forMs, ratePerSecond, firstSequence: this.#nextSequence };
    const sent = await Promise.all(
      this.#crew.loads.map((load) => load.remote.call("send", sending)),
    );
    const messages = sent.map((one) => one.messages);
    const rounds = Math.ceil((ratePerSecond * forMs) / 1_000);
    const sentUp = this.#crew.loads.flatMap((load, index) =>
      shares(messages[index] ?? 0, load.clients),
    );
    const counts = { intended: sum(messages), rounds, published: 0, sentUp, expected: messages };
    this.#book(sent, counts, ratePerSecond * this.#crew.clients);
    this.#nextSequence += rounds + 1;
  }

  async idle(forMs: number): Promise<void> {
    this.#turn.give();
    await this.#crew.idle(forMs);
  }

  phase(name: string, body: () => Promise<void>): Promise<Measured> {
    return this.#measure(name, true, body);
  }

  async warmUp(body: () => Promise<void>): Promise<void> {
    await this.#measure("warm-up", false, body);
  }

  async serverMemory(): Promise<number | null> {
    return (await this.#crew.server.call("memory", {})).rssBytes;
  }

  async pollCeiling(options: { connections: number; forMs: number }): Promise<PollCeiling | null> {
    const { server } = this.#crew;
    const path = this.#crew.pollPath(this.#nextSequence - 2);
    if (path === null) return null;
    await this.#turn.take();
    this.#phaseStarts("poll ceiling");
    await server.call("begin", { measured: true });
    const saturated = await this.#crew.saturate(path, options);
    const { resources } = await server.call("end", {});
    if (saturated.failed > 0) {
      throw new Error(`${saturated.failed} polls failed while looking for the ceiling`);
    }
    return {
      requestsPerSecond: saturated.requestsPerSecond,
      serverUtilisation: resources.cpuMs / resources.durationMs,
    };
  }

  figure(figure: Figure): void {
    this.figures.push({ table: "", bound: "exact", ...figure });
  }

  #book(
    sent: readonly Sent[],
    counts: Pick<Sendings, "intended" | "rounds" | "published" | "sentUp" | "expected">,
    intendedRate: number,
  ): void {
    const sendings = this.#sendings;
    if (sendings === undefined) throw new Error("messages are sent within a phase");
    sendings.sent.push(...sent);
    sendings.intended += counts.intended;
    sendings.rounds += counts.rounds;
    sendings.published += counts.published;
    sendings.sentUp = added(sendings.sentUp, counts.sentUp);
    sendings.intendedRate = intendedRate;
    sendings.achievedRate = sum(sent.map((one) => one.achievedRate));
    sendings.expected = added(sendings.expected, counts.expected);
  }

  async #measure(name: string, measured: boolean, body: () => Promise<void>): Promise<Measured> {
    this.#phaseStarts(name);
    const { server } = this.#crew;
    const firstSequence = this.#nextSequence;
    const sendings: Sendings = {
      sent: [],
      intended: 0,
      intendedRate: 0,
      achievedRate: 0,
      rounds: 0,
      published: 0,
      sentUp: [],
      expected: [],
    };
    this.#sendings = sendings;
    this.#dialled = [];
    // A client that polls on a grid goes on polling while anything is waited for; those polls belong to no
    // message. With all others, waiting makes the counts exact.
    const waitFirst = this.transport.pollIntervalMs === null;
    const { link } = this.#crew;
    if (waitFirst && link !== null) await linkQuiet(link);
    const startNs = nowNs();
    await this.#crew.eachLoad((load) => load.remote.call("begin", { firstSequence, startNs }));
    await server.call("begin", { measured });
    const linkBefore = link?.() ?? null;
    await body();
    this.#sendings = undefined;
    const stream = measured && isStream(sendings.intended, this.#timed);
    const queued = stream ? this.#crew.receiveQueueBytes() : null;
    const collected = waitFirst ? await this.#collect(sendings, drainMs) : null;
    const [end, loadEnds] = await Promise.all([
      server.call("end", {}),
      this.#crew.eachLoad((load) => load.remote.call("end", {})),
    ]);
    // Acknowledgements are held back a little; waiting for them is no part of the phase.
    if (waitFirst && link !== null) await linkQuiet(link);
    const linkAfter = link?.() ?? null;
    const waitMs = measured ? drainMs + 2 * (this.transport.pollIntervalMs ?? 0) : 0;
    const everyBook = collected ?? (await this.#collect(sendings, waitMs));
    const fleet = this.#crew.loads.length;
    const traffic = {
      payloadBytes: this.workload.payloadBytes,
      authority: this.#crew.authority,
      clients: sum(this.#crew.holders.map(({ clients }) => clients)),
      publishedBefore: this.#published,
      published: sendings.published,
      served: sum(loadEnds.map(({ arrived }) => arrived)),
      answers: end.wire.answers,
      sentUp: sendings.sentUp,
    };
    this.#published += sendings.published;
    const phase = phaseOf({
      name,
      measured,
      clients: this.#crew.clients,
      sendings,
      dialled: this.#dialled,
      server: end,
      receiveQueueBytes: queued,
      theory: phaseTheory(this.#bound, traffic),
      link: linkBefore === null || linkAfter === null ? null : linkBetween(linkBefore, linkAfter),
      fleet: { ends: loadEnds.slice(0, fleet), books: everyBook.slice(0, fleet) },
      canary: { ends: loadEnds.slice(fleet), books: everyBook.slice(fleet) },
      toAll: this.#channels === "shared",
      waited: waitFirst || waitMs > 0,
    });
    this.phases.push(phase);
    const disconnected = sum(everyBook.map((book) => book.disconnected));
    if (measured) {
      const observed = {
        disconnected: disconnected - this.#disconnected,
        timed: this.#timed,
        pollIntervalMs: this.transport.pollIntervalMs ?? 0,
      };
      this.warnings.push(...warningsOf(phase, observed));
    }
    this.#disconnected = disconnected;
    return measuredOf(phase);
  }

  #collect(sendings: Sendings, timeoutMs: number): Promise<Collected[]> {
    return this.#crew.eachLoad((load, index) =>
      load.remote.call("collect", { deliveries: sendings.expected[index] ?? 0, timeoutMs }),
    );
  }
}

/** Place by place, as if the shorter list went on with zeros. */
function added(some: readonly number[], more: readonly number[]): number[] {
  const length = Math.max(some.length, more.length);
  return Array.from({ length }, (_, index) => (some[index] ?? 0) + (more[index] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
