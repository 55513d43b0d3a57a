import { roomFigures } from "./room-figures.ts";
import { RateSearch } from "./rate-search.ts";
import { roomsFor, roomsText } from "./room-plans.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { searchAndState } from "./search-and-state.ts";
import { warmUp } from "./warm-up.ts";

/** So many of the clients change their room in a second. */
const changingShare = 0.02;

/** For how long each rate is tried, in search of the highest that is served. */
const tryForMs = 2_000;

export const rooms: Scenario = defineScenario({
  name: "rooms",
  summary: "Rooms of several sizes that clients join and leave: what do they get, how late?",
  workload: { clients: 4_000, ratePerSecond: 40, payloadBytes: 256 },
  measures: "time",
  onlyWhenNamed: true,
  takes: ["objectiveMs"],
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"} in rooms: ${roomsText(roomsFor(clients))}; ` +
    `${ratePerSecond} msg/s to all rooms together, ${payloadBytes} B, ` +
    `${100 * changingShare} % of the clients change theirs in a second`,
  async play(stage) {
    const { clients, durationMs: forMs } = stage.workload;
    await stage.phase("connect", () =>
      stage.clients.connect(clients, { channels: roomsFor(clients) }),
    );
    await warmUp(stage, "publish");
    const steady = await stage.phase("steady", () => stage.server.publish({ forMs }));
    const changing = await stage.phase("joins and leaves", async () => {
      await Promise.all([
        stage.server.publish({ forMs }),
        stage.clients.changeRooms({ forMs, ratePerSecond: changingShare * clients }),
      ]);
    });
    // Not before: what is lost on its way up has no number in a room's log, where who joins finds its place.
    const upward = stage.transport.sends
      ? await stage.phase("from clients", () => stage.clients.send({ forMs }))
      : null;
    const search = new RateSearch(stage, {
      forMs: tryForMs,
      async renew() {
        await stage.clients.disconnect();
        await stage.clients.connect(clients, { channels: roomsFor(clients) });
      },
    });
    await searchAndState(stage, search, (brokenOff) =>
      roomFigures({ steady, upward, changing, search }, brokenOff),
    );
    await stage.clients.disconnect();
  },
});
