import { forkProcess } from "../../bench/processes/remote.ts";
import type { Remote } from "../../bench/processes/remote.ts";
import { programNamed } from "../../bench/programs/index.ts";
import { RunningProgram } from "../../bench/programs/running-program.ts";
import { byTurns } from "./contest.ts";
import type { Contest, Row } from "./contest.ts";
import type { CoordinatorVerbs, SimulatedWorkerVerbs } from "./coordinating-protocol.ts";
import { startAsked } from "./round-trips.ts";

/** So many workers are compared with one. */
const fleets = [10, 100, 1_000] as const;

/** For what has to be compiled, and the last of what opening takes. */
const settleMs = 1_000;
const idleMs = 4_000;
/** Of all workers together, which one process has to answer. */
const verbs = 5_000;
const trips = 500;

/** What is found out about a process that plays a run. */
type Look = (coordinator: Remote<CoordinatorVerbs>, workers: number) => Promise<number>;

const idle: Look = async (coordinator) => {
  await coordinator.call("idle", { forMs: settleMs });
  return await coordinator.call("idle", { forMs: idleMs });
};

const asking: Look = async (coordinator, workers) => {
  const times = Math.ceil(verbs / workers / 10);
  await coordinator.call("askAll", { times });
  return await coordinator.call("askAll", { times: 10 * times });
};

/**
 * What it costs to play a run on many machines, whose workers are simulated: they have all that joins them to a run,
 * and what they start is no process.
 */
export function coordinatingContests(): Contest[] {
  return [
    ...fleets.map((workers) => {
      // 5 % of a core.
      const aim = workers === 100 ? ({ atMost: 50_000, of: "first" } as const) : null;
      const name = `coordinator of ${workers} workers, idle for a second, to 1`;
      return contest({ name, aim }, workers, idle);
    }),
    ...fleets.map((workers) => {
      const name = `coordinator of ${workers} workers, a verb to each, to 1`;
      return contest({ name, aim: null }, workers, asking);
    }),
    overRedisContest(),
  ];
}

function contest(row: Pick<Row, "name" | "aim">, workers: number, look: Look): Contest {
  const counts = { first: workers, second: 1 };
  return {
    variant: "websocket",
    onlyWhenNamed: row.aim === null,
    row: { ...row, unit: "µs CPU", lessIsBetter: true },
    play: (order) => byTurns(order, 1, (opponent) => withCoordinator(counts[opponent], look)),
  };
}

/** How long a verb takes until it is answered, by a worker and by a process of one's own. */
function overRedisContest(): Contest {
  return {
    variant: "websocket",
    row: { name: "a verb over Redis, to IPC", unit: "µs", lessIsBetter: true, aim: null },
    async play(order) {
      const ways = {
        first: () =>
          withCoordinator(1, (coordinator) => coordinator.call("askOne", { times: trips })),
        async second() {
          await using asked = await startAsked();
          return await asked.medianTripUs(trips);
        },
      };
      return await byTurns(order, 1, (opponent) => ways[opponent]());
    },
  };
}

/** Has so many workers join at a Redis of their own, and a process that has them for itself. */
async function withCoordinator(count: number, look: Look): Promise<number> {
  await using redis = await RunningProgram.start(programNamed("redis-server"), "broker");
  const { host, port } = redis.place;
  const url = `redis://${host}:${port}`;
  await using workers = forkProcess<SimulatedWorkerVerbs>(
    "tools/self/simulated-workers",
    "simulated workers",
  );
  await workers.call("join", { url, count });
  await using coordinator = forkProcess<CoordinatorVerbs>("tools/self/coordinator", "coordinator");
  const processes = await coordinator.call("open", { url });
  if (processes !== count) throw new Error(`${processes} of ${count} workers are there`);
  return await look(coordinator, count);
}
