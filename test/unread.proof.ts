import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { encodeFrame } from "../transports/frames.ts";
import { longPolling } from "../transports/long-polling.ts";
import { sse } from "../transports/sse.ts";
import { tcp } from "../transports/tcp.ts";
import { websocket } from "../transports/websocket.ts";
import type { Link } from "../bench/conformance/link.ts";
import { Stranger, besideAlice, edges, requestOf, upgrade } from "./stranger.ts";

// Clients that ask for messages and don't read them. What they leave stays in the log, once for all.

/** Compression leaves three quarters of it. */
const million = randomBytes(750_000).toString("base64");

/** Each transport, and what a client sends that wants everything of the channel `other`. */
const plain = [
  ...edges.map((edge) => {
    const { path, headers } = edge.resume("0");
    return {
      transport: edge.transport,
      layers: {},
      ask: requestOf("GET", path.replace("all", "other"), headers),
    };
  }),
  { transport: tcp, layers: {}, ask: encodeFrame(Buffer.from("other 0")) },
];

const gzipped = { "Accept-Encoding": "gzip" };

const compressed = [
  ...edges
    .filter(({ transport }) => transport === sse || transport === longPolling)
    .map((edge) => {
      const { transport } = edge;
      const { path, headers } = edge.resume("0");
      return {
        transport,
        layers: { gzip: true, quality: 1 },
        ask: requestOf("GET", path.replace("all", "other"), { ...headers, ...gzipped }),
      };
    }),
  {
    transport: websocket,
    layers: { deflate: "takeover" },
    ask: requestOf("GET", "/ws/other?after=0", {
      ...upgrade,
      "Sec-WebSocket-Extensions": "permessage-deflate",
    }),
  },
];

/** The server's sockets of the next connections. */
function accepted(link: Link, connections: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  return new Promise((resolve) => {
    link.listener.http.on("connection", (socket: Socket) => {
      sockets.push(socket);
      if (sockets.length === connections) resolve(sockets);
    });
  });
}

/** Resolves when the server has more to write to a socket than its client and the kernel take. */
async function stuck(sockets: readonly Socket[]): Promise<void> {
  while (sockets.some(({ writableLength }) => writableLength === 0))
    await new Promise(setImmediate);
}

/** Connections that ask and don't read, as soon as each of them has an answer that is too long. */
async function unread(link: Link, ask: string | Buffer, connections: number) {
  const sockets = accepted(link, connections);
  const strangers = Array.from({ length: connections }, () => {
    const stranger = new Stranger(link);
    stranger.pause();
    stranger.write(ask);
    return stranger;
  });
  const servers = await sockets;
  await stuck(servers);
  return {
    sockets: servers,
    async [Symbol.asyncDispose]() {
      await Promise.all(strangers.map((stranger) => stranger.reset()));
    },
  };
}

const logOptions = { logBytes: 20_000_000 };

describe.each([...plain, ...compressed])("the server of $transport.name $layers", (reader) => {
  const { transport, layers, ask } = reader;
  const options = { ...logOptions, ...layers };

  it("keeps no copy of its log for clients that don't read", async () => {
    await besideAlice({ transport, options }, async (link) => {
      for (let count = 0; count < 19; count += 1) link.publish(million, "other");
      const before = process.memoryUsage().arrayBuffers;
      await using clients = await unread(link, ask, 5);
      expect(clients.sockets).toHaveLength(5);
      // Copies would be 95 MB. A compressor holds a message, and what it makes of it.
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
    });
  });

  it("cuts them off when its log has moved on, and tells who resumes of the gap", async () => {
    await besideAlice({ transport, options }, async (link) => {
      for (let count = 0; count < 19; count += 1) link.publish(million, "other");
      {
        await using clients = await unread(link, ask, 2);
        for (let count = 0; count < 18; count += 1) link.publish(million, "other");
        link.publish("all of it is new", "other");
        // A compressor ends with the turn.
        await new Promise(setImmediate);
        expect(clients.sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
      }
      await using again = await link.connect({ channel: "other", after: 0 });
      await again.seen.changes.until(() => again.seen.received.includes("all of it is new"));
      expect(again.seen.gaps).toEqual([38 - again.seen.received.length]);
    });
  });
});

describe.each(plain)("the server of $transport.name", ({ transport, ask }) => {
  const options = logOptions;

  it("gives a client that reads in the end all that it asked for, in order", async () => {
    await besideAlice({ transport, options }, async (link) => {
      const sockets = accepted(link, 1);
      const stranger = new Stranger(link);
      stranger.pause();
      const numbered = Array.from({ length: 12 }, (_, index) => `#${index}#${million}`);
      for (const message of numbered) link.publish(message, "other");
      stranger.write(ask);
      await stuck(await sockets);
      stranger.resume();
      await stranger.until({ test: (text) => text.length > 12_000_000 && text.includes("#11#") });
      expect(stranger.text.match(/#\d+#/g)).toEqual(numbered.map((_, index) => `#${index}#`));
      await stranger.reset();
    });
  });
});
