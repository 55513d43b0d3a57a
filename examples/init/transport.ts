import type { Duplex } from "node:stream";
import { defineTransport } from "transport-bench/transport";

// A wire format of your own: a line for each message, over a bare socket. Both ends are here, so that it can be measured
// at once; to measure a server that is there already, leave `serve` out, and give --target.
//
// Try it:   npx transport-bench run --quick --transports ./my-transport.ts,tcp
// Test it:  npx transport-bench conformance ./my-transport.ts
// Types in an editor take: npm install --save-dev transport-bench @types/node

/** Calls `line` for each line that arrives. */
function readLines(stream: Duplex, line: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
  });
}

export default defineTransport({
  name: "my-transport",
  // "push" where messages are sent to a waiting client, "pull" where each is fetched by a request.
  delivery: "push",
  clients: {
    // Resolves when a publish would reach the client.
    async default(target, handlers) {
      // The harness dials, so that it can count bytes and end the client.
      const stream = target.dial();
      const connection = {
        // The number of the last message; 0 where the server doesn't number them.
        cursor: 0,
        // Up to the server, which sends it back down on the same channel.
        send: (payload: Buffer) => void stream.write(`${payload.toString()}\n`),
        async [Symbol.asyncDispose]() {
          stream.destroy();
        },
      };
      await new Promise<void>((subscribed, failed) => {
        let isSubscribed = false;
        stream.on("error", failed);
        stream.on("close", () => handlers.closed("the server has hung up"));
        readLines(stream, (text) => {
          if (isSubscribed) {
            connection.cursor += 1;
            // The payload as it was published, without the server's own framing.
            handlers.message(text);
            return;
          }
          isSubscribed = true;
          connection.cursor = Number(text);
          subscribed();
        });
        stream.write(`${target.channel}\n`);
      });
      return connection;
    },
  },
  // Mounts the server on the harness's listener, which counts bytes; `serveHttp` does the same for HTTP.
  serve(listener, handlers) {
    const channels = new Map<string, { number: number; readonly streams: Set<Duplex> }>();
    const channelOf = (name: string) => {
      const channel = channels.get(name) ?? { number: 0, streams: new Set() };
      channels.set(name, channel);
      return channel;
    };
    listener.takeSockets((stream) => {
      let name: string | null = null;
      stream.on("error", () => {});
      stream.on("close", () => name !== null && channelOf(name).streams.delete(stream));
      readLines(stream, (text) => {
        if (name !== null) {
          // What isn't spent on deliveries has to be told apart.
          listener.attribute(stream, "upstream", 0, Buffer.byteLength(text) + 1);
          return handlers.message(name, Buffer.from(text));
        }
        name = text;
        const channel = channelOf(name);
        channel.streams.add(stream);
        stream.write(`${channel.number}\n`);
        listener.attributeRest(stream, "setUp");
      });
    });
    return {
      publish(name, payload) {
        const channel = channelOf(name);
        channel.number += 1;
        for (const stream of channel.streams) stream.write(`${payload.toString()}\n`);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});
