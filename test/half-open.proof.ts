import { expect, it } from "vitest";
import { expectBetweenBounds, silenced } from "./silenced.ts";

// A detector reads what has come in on sockets, whatever layers stand on them.
it.each([
  "short-polling",
  "short-polling+keepalive=off",
  "short-polling:fetch",
  "long-polling",
  "long-polling+tls",
  "long-polling+h2",
  "sse",
  "sse:eventsource",
  "sse+tls",
  "sse+h2c",
  "sse+gzip",
  "streaming",
  "websocket+tls",
  "websocket+h2",
  "websocket+deflate",
  "websocket:undici",
  "websocket+batch=20ms",
  "socket.io",
  "socket.io@websocket",
  "socket.io@polling",
])("clients of %s notice that the server is silent", async (variant) => {
  const { clients } = await silenced(variant, { forMs: 5_000 });
  expectBetweenBounds((q) => clients.after(q));
});

it.each(["websocket+tls", "websocket+h2", "websocket+deflate", "socket.io", "socket.io@polling"])(
  "the server notices that clients of %s are silent",
  async (variant) => {
    const { server } = await silenced(variant, { forMs: 5_000 });
    expect(server).not.toBeNull();
    expectBetweenBounds((q) => server?.after(q) ?? null);
  },
);
