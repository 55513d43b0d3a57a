import { unknownServer } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, MeasuredPhase, Scenario, ServerMemory, Stage, Stopped } from "./scenario.ts";

/** A broadcast must reach every client, and 99 % of them, within this. */
const objectiveMs = 1_000;

/**
 * Where nothing tells what the limit is, the search ends when the largest number that holds and the least
 * that doesn't are this near: what can't be served in time is no sharp limit.
 */
const precision = 0.05;

/** How many guesses may be wrong: a server that loses messages at random would make the search go on. */
const maxWrongGuesses = 2;

/**
 * A heap that grows by other reasons moves resident memory by some MiB; spread over this many clients,
 * that is at most a few KiB each.
 */
const minSpread = 500;

/** Over less than this, the ceiling would be that of code which isn't compiled yet. */
const minCeilingMs = 1_000;

/** Where the doubling begins: low enough that there are several steps before most limits. */
const firstStep = 125;

export const connections: Scenario = defineScenario({
  name: "connections",
  summary: "How many clients can be held and still be served, and what stops the next one?",
  workload: { clients: 1, ratePerSecond: 20, payloadBytes: 256 },
  measures: "time",
  describe: ({ maxConnections, payloadBytes }) =>
    `up to ${maxConnections} clients, a broadcast of ${payloadBytes} B to each number of them`,
  async play(stage) {
    const search = new Search(stage);
    let brokenOff: string | null = null;
    try {
      await search.run();
    } catch (error) {
      brokenOff = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      // Also when a process died on the way: what was held was held.
      for (const figure of search.figures(brokenOff)) stage.figure(figure);
    }
    await stage.clients.disconnect(0);
    await pollFigures(stage);
  },
});

/** A number of clients that was held and served. */
interface Plateau {
  readonly clients: number;
  readonly memory: ServerMemory;
  /** That the load processes hold, in bytes. */
  readonly clientMemory: number;
  readonly connectsPerSecond: number | null;
  readonly broadcastNs: number | null;
}

/** Why a number of clients doesn't hold, and how many of them were connected or served. */
interface Failure {
  readonly reached: number;
  /** Whether one more than these was refused. */
  readonly isRefusal: boolean;
  readonly reason: Stopped;
}

class Search {
  readonly #stage: Stage;
  readonly #plateaus: Plateau[] = [];
  #stopped: Stopped | null = null;
  /** The largest number that held, and the least that didn't. */
  #held = 0;
  #failing: number;
  /** The limit that a failure suggests. */
  #guess: number | null = null;
  #wrongGuesses = 0;
  /** That are connected now. */
  #clients = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#failing = stage.workload.maxConnections + 1;
  }

  /** Doubles until it fails; then tries what the failure suggests, or else halves the distance. */
  async run(): Promise<void> {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const failure = await this.#hold(next);
      if (failure === null) this.#held = next;
      else this.#learn(next, failure);
    }
  }

  #learn(tried: number, { reached, isRefusal, reason }: Failure): void {
    this.#stopped = reason;
    this.#failing = isRefusal && reached > this.#held ? reached + 1 : tried;
    if (tried === this.#guess) this.#wrongGuesses += 1;
    this.#guess = this.#wrongGuesses < maxWrongGuesses ? reached : null;
  }

  /** The number of clients to try next; null when it is known how many hold. */
  #next(): number | null {
    const [held, failing, guess] = [this.#held, this.#failing, this.#guess];
    if (failing - held === 1) return null;
    if (this.#stopped === null) return Math.min(failing - 1, held === 0 ? firstStep : held * 2);
    if (guess !== null && held < guess && guess < failing) return guess;
    // It holds, as was guessed: is it the limit?
    if (guess === held && held > 0) return held + 1;
    return failing - held <= held * precision ? null : Math.floor((held + failing) / 2);
  }

  /** Steps to `clients`, and checks that a broadcast reaches every one of them in time. */
  async #hold(clients: number): Promise<Failure | null> {
    const stage = this.#stage;
    const before = this.#clients;
    let reached = { clients: 0, stopped: null as Stopped | null };
    const ramp = await stage.phase(`ramp to ${clients}`, async () => {
      reached = await stage.clients.tryConnect(clients);
    });
    this.#clients = reached.clients;
    if (reached.stopped !== null) {
      return { reached: reached.clients, isRefusal: true, reason: reached.stopped };
    }
    const probe = await stage.phase(`broadcast to ${clients}`, () =>
      stage.server.publish({ ratePerSecond: 10, forMs: 100 }),
    );
    const unserved = this.#unserved(probe);
    if (unserved !== null) return unserved;
    // What compresses a connection takes memory for it as soon as the first message comes.
    const memory = await stage.server.memory();
    const clientMemory = await stage.clients.memory();
    const added = Math.max(0, clients - before);
    this.#plateaus.push({
      clients,
      memory,
      clientMemory,
      connectsPerSecond: added === 0 ? null : (1_000 * added) / ramp.durationMs,
      broadcastNs: probe.maxDeliveryNs,
    });
    return null;
  }

  /** Why a broadcast doesn't count as served, or null when it does. */
  #unserved(probe: MeasuredPhase): Failure | null {
    // A client that polls can't have it before its next poll.
    const limitMs = objectiveMs + (this.#stage.transport.pollIntervalMs ?? 0);
    if (probe.lost !== null && probe.lost > 0) {
      return {
        reached: probe.expected - probe.lost,
        isRefusal: false,
        reason: {
          side: "server",
          cause: "not served",
          explanation: `${probe.lost} of ${probe.expected} clients did not receive the broadcast`,
        },
      };
    }
    const slowestMs = (probe.delivery(0.99) ?? probe.maxDeliveryNs ?? 0) / 1e6;
    if (slowestMs <= limitMs) return null;
    return {
      reached: 0,
      isRefusal: false,
      reason: {
        side: "server",
        cause: "not in time",
        explanation: `the broadcast took ${Math.round(slowestMs)} ms, with ${limitMs} ms allowed`,
      },
    };
  }

  /** How exact the number held is, and why. */
  #bound(brokenOff: string | null): Pick<Figure, "bound" | "most" | "note"> {
    const stopped = this.#stopped;
    const note = brokenOff ?? stopped?.explanation ?? "nothing stopped it before --max-connections";
    if (stopped?.side !== "server" || brokenOff !== null) return { bound: "at least", note };
    const most = this.#failing - 1;
    if (most === this.#held) return { bound: "exact", note };
    return { bound: "range", most, note: `${note}; the search ends within ${100 * precision} %` };
  }

  /** The figures of the search; `brokenOff` says why it couldn't be completed. */
  figures(brokenOff: string | null): Figure[] {
    const last = this.#plateaus.reduce<Plateau | undefined>(
      (most, plateau) => (most === undefined || plateau.clients > most.clients ? plateau : most),
      undefined,
    );
    const stopped = this.#stopped;
    const memory = serverSlope(this.#plateaus, "residentBytes");
    return [
      {
        key: "held",
        label: "clients\nheld",
        unit: "count",
        better: "higher",
        value: last?.clients ?? 0,
        ...this.#bound(brokenOff),
        headline: true,
        words: {
          states: "{value} clients are held and served",
          leads: "the most clients are held and served with {variant}: {value}",
        },
        adds: "{value} clients held",
      },
      {
        key: "stopped",
        label: "stopped by",
        unit: "text",
        better: "neither",
        value: stopText(stopped, brokenOff),
      },
      {
        key: "memory",
        label: "server\nB/client",
        unit: "bytes",
        better: "lower",
        value: memory,
        about: "slope of the server's resident memory over the numbers of clients held",
        adds: "{value} memory/client",
        ...(memory === null && { note: whyNoMemory(this.#plateaus) }),
      },
      ...heapFigures(this.#plateaus),
      clientMemoryFigure(this.#plateaus),
      {
        key: "connectRate",
        label: "connects\n/s",
        unit: "per second",
        better: "higher",
        // The last step may have been one back, with nothing to connect.
        value: this.#plateaus.findLast(hasConnectRate)?.connectsPerSecond ?? null,
      },
      {
        key: "broadcast",
        label: "broadcast\nto all",
        unit: "ns",
        better: "lower",
        value: last?.broadcastNs ?? null,
        about: "until every client held had received one message",
      },
      ...this.#plateaus.flatMap(plateauFigures),
    ];
  }
}

/** The figures for one number of clients: a column in each of three tables. */
function plateauFigures(plateau: Plateau): Figure[] {
  const { clients, connectsPerSecond, broadcastNs, memory } = plateau;
  const { residentBytes } = memory;
  const common = { label: `${clients}` };
  return [
    {
      ...common,
      key: `connectRate.at${clients}`,
      table: "connects per second while growing to each number of clients",
      unit: "per second",
      better: "higher",
      value: connectsPerSecond,
      ...(connectsPerSecond === null && { note: "a step down, with no client to connect" }),
    },
    {
      ...common,
      key: `broadcast.at${clients}`,
      table: "time until every one of that many clients has received one message",
      unit: "ns",
      better: "lower",
      value: broadcastNs,
    },
    {
      ...common,
      key: `memory.at${clients}`,
      table: "MB of server memory with each number of clients",
      unit: "count",
      better: "neither",
      value: residentBytes === null ? null : Math.round(residentBytes / 1e6),
      ...(residentBytes === null && { note: unknownServer }),
    },
  ];
}

/**
 * Resident memory also grows by what V8 keeps in reserve, a matter of chance; what is held doesn't. Of a
 * user's own server it can't be known, and isn't mentioned.
 */
function heapFigures(plateaus: readonly Plateau[]): Figure[] {
  const isOwn = plateaus.some(
    ({ memory }) => memory.residentBytes !== null && memory.heapBytes === null,
  );
  if (isOwn) return [];
  const heap = serverSlope(plateaus, "heapBytes");
  return [
    {
      key: "heap",
      label: "heap and\nbuffers",
      table: "B that the server's JavaScript holds for each client, after garbage collection",
      unit: "bytes",
      better: "lower",
      value: heap,
      about: "slope of the memory that it holds over the numbers of clients held",
      ...(heap === null && { note: whyNoMemory(plateaus) }),
    },
  ];
}

/** Of a simulated client, which is little more than its library. */
function clientMemoryFigure(plateaus: readonly Plateau[]): Figure {
  const value = slope(plateaus.map(({ clients, clientMemory }) => [clients, clientMemory]));
  return {
    key: "clientMemory",
    label: "heap and\nbuffers",
    table: "B that the load processes' JavaScript holds for each client, after garbage collection",
    unit: "bytes",
    better: "lower",
    value,
    about: "slope of the memory that they hold over the numbers of clients held",
    ...(value === null && { note: tooFewClients }),
  };
}

function whyNoMemory(plateaus: readonly Plateau[]): string {
  return plateaus.some(({ memory }) => memory.residentBytes === null)
    ? unknownServer
    : tooFewClients;
}

const tooFewClients = `needs a search over ${minSpread} clients: with fewer, it is noise`;

function hasConnectRate({ connectsPerSecond }: Plateau): boolean {
  return connectsPerSecond !== null;
}

function stopText(stopped: Stopped | null, brokenOff: string | null): string {
  if (brokenOff !== null) return "broken off";
  return stopped === null ? "--max-connections" : `${stopped.cause}, ${stopped.side}`;
}

function serverSlope(plateaus: readonly Plateau[], kind: keyof ServerMemory): number | null {
  return slope(
    plateaus.flatMap(({ clients, memory }): [number, number][] => {
      const bytes = memory[kind];
      return bytes === null ? [] : [[clients, bytes]];
    }),
  );
}

/** Least-squares slope of bytes over clients; null where it would be lost in the noise. */
function slope(known: readonly (readonly [clients: number, bytes: number])[]): number | null {
  const counts = known.map(([clients]) => clients);
  if (Math.max(...counts) - Math.min(...counts) < minSpread || known.length < 2) return null;
  const meanClients = mean(counts);
  const meanBytes = mean(known.map(([, bytes]) => bytes));
  let covariance = 0;
  let variance = 0;
  for (const [clients, bytes] of known) {
    covariance += (clients - meanClients) * (bytes - meanBytes);
    variance += (clients - meanClients) ** 2;
  }
  return covariance / variance;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** For transports that poll, the limit is requests per second: how many, and whom that serves. */
async function pollFigures(stage: Stage): Promise<void> {
  const { durationMs, ratePerSecond } = stage.workload;
  const ceiling = await stage.server.pollCeiling({
    connections: 50,
    forMs: Math.min(Math.max(durationMs / 2, minCeilingMs), 5_000),
  });
  if (ceiling === null) return;
  const { serverUtilisation } = ceiling;
  const serverLimits = serverUtilisation !== null && serverUtilisation > 0.9;
  const bound = serverLimits ? "exact" : "at least";
  const table =
    "capacity of polling: requests that each find one message, sent as fast as they are answered";
  const { pollIntervalMs } = stage.transport;
  stage.figure({
    key: "ceiling",
    label: "requests/s",
    table,
    unit: "per second",
    better: "higher",
    value: ceiling.requestsPerSecond,
    bound,
    note: ceilingNote(serverUtilisation, serverLimits),
  });
  stage.figure({
    key: "carried",
    label: "clients carried",
    table,
    unit: "count",
    better: "higher",
    value: Math.floor(
      pollIntervalMs === null
        ? ceiling.requestsPerSecond / ratePerSecond
        : (ceiling.requestsPerSecond * pollIntervalMs) / 1_000,
    ),
    bound,
    note:
      pollIntervalMs === null
        ? `at ${ratePerSecond} messages per second, each of which takes a request`
        : `at one request per ${pollIntervalMs} ms`,
  });
}

function ceilingNote(utilisation: number | null, serverLimits: boolean): string {
  if (utilisation === null)
    return "the limiting side is unknown, since the server's process is unknown";
  return serverLimits
    ? "the server used all of its processor time"
    : `the server used only ${Math.round(100 * utilisation)} % of its processor time: the load generator is the limit`;
}
