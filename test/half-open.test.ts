import { expect, it } from "vitest";
import { clients, expectBetweenBounds, silenced } from "./silenced.ts";

// All other variants: half-open.proof.ts.

it("both sides of a WebSocket notice as interval, time-out and misses allowed have it", async () => {
  const { clients: ofClients, server } = await silenced("websocket", { forMs: 5_000 });
  expectBetweenBounds((q) => ofClients.after(q));
  expectBetweenBounds((q) => server?.after(q) ?? null);
});

it("a server of events doesn't notice that clients are silent, and clients hear it all the same", async () => {
  const { clients: ofClients, server } = await silenced("sse", { forMs: 1_600, direction: "up" });
  expect(ofClients).toMatchObject({ of: clients, count: 0 });
  expect(server).toMatchObject({ of: clients, count: 0 });
});
