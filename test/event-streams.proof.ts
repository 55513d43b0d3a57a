import { describe } from "vitest";
import { eventStreams, splits } from "./event-streams.ts";

// Its reader is a library's, with no test of ours.
describe("a client of sse:eventsource", () => {
  eventStreams("sse:eventsource", splits);
});
