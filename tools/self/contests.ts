import { autocannonContest } from "./autocannon.ts";
import { coordinatingContests } from "./coordinating.ts";
import { diallingContest, held, memoryContest } from "./connecting.ts";
import type { Contest, Opponents, Starter } from "./contest.ts";
import { latencyContest } from "./latency.ts";
import { loads } from "./loads.ts";
import { tripContest } from "./round-trips.ts";
import { relayedLoads, relayingContest } from "./relaying.ts";
import { mergingContest } from "./merging.ts";
import type { Servers } from "./servers.ts";
import { startBare, startHarness } from "./sides.ts";
import { servedLoads, servingContest } from "./serving.ts";
import { throughputContest } from "./throughput.ts";
import { tokenContest } from "./tokens.ts";

const own: Starter = ({ variant }, server) => startHarness(variant, server);

const latencyPlans = [
  { ratePerSecond: 200, forMs: 220 },
  { ratePerSecond: 5_000, forMs: 100 },
] as const;

/** The harness's own load process against bare loops over the same libraries. */
export function againstBare(servers: Servers): Contest[] {
  const opponents: Opponents = { first: own, second: ({ library }, at) => startBare(library, at) };
  return [
    ...loads.map((load) => throughputContest(load, opponents, servers)),
    ...servedLoads.map(servingContest),
    tokenContest(),
    ...relayedLoads.map(relayingContest),
    mergingContest(),
    ...coordinatingContests(),
    autocannonContest(servers),
    diallingContest(opponents, servers),
    ...held.map((clients) => memoryContest(clients, opponents, servers)),
    ...latencyPlans.map((plan) =>
      latencyContest(plan, opponents, (opponent) =>
        opponent === "first" ? servers.of("websocket") : servers.bare(),
      ),
    ),
  ];
}

/** This state's load process against that of another build; both with servers of this state. */
export function againstBuild(build: string, servers: Servers): Contest[] {
  const opponents: Opponents = {
    first: own,
    second: ({ variant }, server) => startHarness(variant, server, build),
  };
  return [
    ...loads.map((load) => throughputContest(load, opponents, servers)),
    diallingContest(opponents, servers),
    tripContest(build),
    ...latencyPlans.map((plan) => latencyContest(plan, opponents, () => servers.of("websocket"))),
  ];
}
