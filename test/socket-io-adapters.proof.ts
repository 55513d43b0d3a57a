import { describe, expect, it } from "vitest";
import {
  countsAsTheoryDoes,
  fleetTrial,
  goesOnWithoutTheFirst,
  playFleet,
  resumesElsewhere,
} from "./fleet-trial.ts";
import { brokers, isMissing } from "./requirements.ts";
import { accountsForRooms } from "./rooms-trial.ts";

/** A string of RESP: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const resp = (bytes: number): number => `$${bytes}\r\n`.length + bytes + "\r\n".length;

describe.skipIf(isMissing(brokers))("Socket.IO with its own adapters", () => {
  it("costs what its packet takes in MessagePack, with the head as the only flag", async () => {
    const [phase] = await playFleet(fleetTrial("socket.io@websocket", "redis"), async (stage) => {
      await stage.clients.connect(6);
      await stage.phase("down", () => stage.server.publish({ ratePerSecond: 40, forMs: 500 }));
    });
    const prefix = "transport-bench-12345678#/#".length;
    // [uid, { type, data: ["m", 256 B], nsp }, { rooms: ["channel all"], except, flags: { head } }]
    const options = 1 + 6 + 1 + 12 + 7 + 1 + 6 + 1 + 5 + 23;
    const message = 1 + 7 + (1 + 5 + 1 + 5 + 1 + 2 + 3 + 256 + 4 + 2) + options;
    const [channel, pattern] = [prefix + "channel all#".length, prefix + "*".length];
    const published = "*3\r\n".length + resp("publish".length) + resp(channel) + resp(message);
    const received = "*4\r\n".length + resp("pmessage".length) + resp(pattern);
    const answered = 3 * (received + resp(channel) + resp(message)) + ":3\r\n".length;
    expect(phase?.bus).toMatchObject({ bytesUp: 20 * published, bytesDown: 20 * answered });
  });

  for (const bus of ["redis", "redis-streams"] as const) {
    for (const options of ["", "@websocket", "@polling", "+msgpack", "+ack", "+batch=30ms"]) {
      countsAsTheoryDoes(`socket.io${options}`, bus);
    }
    for (const options of ["", "@websocket", "@polling", "+msgpack"]) {
      accountsForRooms(`socket.io${options}`, 3, bus);
    }
    countsAsTheoryDoes("socket.io+tls", bus);
    for (const options of ["", "@polling"]) {
      resumesElsewhere(`socket.io${options}`, bus);
      goesOnWithoutTheFirst(`socket.io${options}`, bus);
    }
  }
  for (const options of [
    "@websocket+recovery",
    "@polling+recovery",
    "@websocket+msgpack+recovery",
  ]) {
    countsAsTheoryDoes(`socket.io${options}`, "redis-streams");
    accountsForRooms(`socket.io${options}`, 3, "redis-streams");
    resumesElsewhere(`socket.io${options}`, "redis-streams");
    goesOnWithoutTheFirst(`socket.io${options}`, "redis-streams");
  }
});
