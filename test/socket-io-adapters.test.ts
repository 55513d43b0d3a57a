import { describe } from "vitest";
import { countsAsTheoryDoes, resumesElsewhere } from "./fleet-trial.ts";
import { brokers, isMissing } from "./requirements.ts";

// For each bus one; `socket-io-adapters.proof.ts` has all.

describe.skipIf(isMissing(brokers))("Socket.IO with its own adapters", () => {
  countsAsTheoryDoes("socket.io@websocket", "redis");
  resumesElsewhere("socket.io@websocket+recovery", "redis-streams");
});
