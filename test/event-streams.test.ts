import { describe } from "vitest";
import { eventStreams, splits } from "./event-streams.ts";

// Readers are tested by themselves, split everywhere: this is that nothing stands between them and their clients.
describe.each(["sse", "sse:fetch", "sse:eventsource", "sse:undici", "sse:lean"])(
  "a client of %s",
  (variant) => {
    eventStreams(variant, (stream) => splits(stream).slice(0, 2));
  },
);
