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
import type { Crew } from "./crew.ts";
import type { Turn } from "./machine.ts";
import { histogramOf, mergeHistograms } from "./measure/histogram.ts";
import { measuredOf } from "./measure/measured.ts";
import { warningsOf } from "./measure/validity.ts";
import type { PlannedTrial } from "./plan.ts";
import type { Collected, Dialled, Sent } from "./processes/protocol.ts";
import type { Figure as ResultFigure, Phase, Warning } from "./results/schema.ts";

/** How long messages that are still on their way at the end of a phase are waited for. */
const drainMs = 2_000;

/** What was sent within the phase that is on, and to how many deliveries it must lead. */
interface Sendings {
  readonly sent: Sent[];
  intended: number;
  intendedRate: number;
  achievedRate: number;
  /** Expected deliveries, process by process. */
  expected: number[];
}

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
  readonly #timed: boolean;
  readonly #phaseStarts: (name: string) => void;
  #channels: "shared" | "own" = "shared";
  #nextSequence = 1;
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
    this.#timed = trial.scenario.sideBySide !== true;
    this.#phaseStarts = phaseStarts;
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
    const { dialled, stopped } = await this.#crew.dial(clients, this.#channels, this.#nextSequence);
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
    const expected = this.#crew.loads.map((load) => load.clients * sent.messages);
    this.#book([sent], sent.messages, expected, ratePerSecond);
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
    this.#book(sent, sum(messages), messages, ratePerSecond * this.#crew.clients);
    this.#nextSequence += Math.ceil((ratePerSecond * forMs) / 1_000) + 1;
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
    await server.call("begin", {});
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

  #book(sent: readonly Sent[], messages: number, expected: number[], intendedRate: number): void {
    const sendings = this.#sendings;
    if (sendings === undefined) throw new Error("messages are sent within a phase");
    sendings.sent.push(...sent);
    sendings.intended += messages;
    sendings.intendedRate = intendedRate;
    sendings.achievedRate = sum(sent.map((one) => one.achievedRate));
    sendings.expected = expected.map((count, load) => count + (sendings.expected[load] ?? 0));
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
      expected: [],
    };
    this.#sendings = sendings;
    this.#dialled = [];
    await this.#crew.eachLoad((load) => load.remote.call("begin", { firstSequence }));
    await server.call("begin", {});
    await body();
    this.#sendings = undefined;
    // A client that polls on a grid goes on polling while the last messages are waited for; those polls
    // belong to no message. With all others, waiting makes the count exact.
    const waitFirst = this.transport.pollIntervalMs === null;
    const collected = waitFirst ? await this.#collect(sendings, drainMs) : null;
    const [end, loadEnds] = await Promise.all([
      server.call("end", {}),
      this.#crew.eachLoad((load) => load.remote.call("end", {})),
    ]);
    const waitMs = measured ? drainMs + 2 * (this.transport.pollIntervalMs ?? 0) : 0;
    const books = collected ?? (await this.#collect(sendings, waitMs));

    const expected = sum(sendings.expected);
    const delivered = sum(books.map((book) => book.delivered));
    const phase: Phase = {
      name,
      measured,
      durationMs: end.resources.durationMs,
      clients: this.#crew.clients,
      deliveries: {
        intended: sendings.intended,
        expected,
        delivered,
        lost: waitMs === 0 && !waitFirst ? null : expected - delivered,
        duplicated: sum(books.map((book) => book.duplicated)),
        reordered: sum(books.map((book) => book.reordered)),
        corrupted: sum(books.map((book) => book.corrupted)),
        arrived: sum(loadEnds.map((one) => one.arrived)),
      },
      rate:
        sendings.intended === 0
          ? null
          : { intended: sendings.intendedRate, achieved: sendings.achievedRate },
      latency: {
        delivery: mergeHistograms(books.map((book) => book.delivery)),
        transit: mergeHistograms(books.map((book) => book.transit)),
        lateness: mergeHistograms(sendings.sent.map((sent) => sent.lateness)),
        lastClient: histogramOf(this.#channels === "shared" ? latestOf(books) : []),
      },
      setUp: mergeHistograms(this.#dialled.map((dialled) => dialled.setUp)),
      wire: end.wire,
      resources: [end.resources, ...loadEnds.map((one) => one.resources)],
      kernelSocketBytes: end.kernelSocketBytes,
    };
    this.phases.push(phase);
    const disconnected = sum(books.map((book) => book.disconnected));
    if (measured) {
      const observed = { disconnected: disconnected - this.#disconnected, timed: this.#timed };
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

/** For each message, the latest delivery in any process. */
function latestOf(books: readonly Collected[]): number[] {
  const messages = Math.max(0, ...books.map((book) => book.lastClientNs.length));
  const latest: number[] = [];
  for (let index = 0; index < messages; index += 1) {
    const delays = books.map((book) => book.lastClientNs[index] ?? -1);
    const worst = Math.max(...delays);
    if (worst >= 0) latest.push(worst);
  }
  return latest;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
