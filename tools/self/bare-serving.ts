import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:net";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { Identity } from "../../bench/layers/tls.ts";
import { listen, portOf } from "../../bench/measure/listen.ts";
import type { ServedLibrary } from "./protocol.ts";

type Publish = (message: Buffer, number: number) => void;

export interface BareServing {
  readonly port: number;
  /** Sends a message to all clients. */
  readonly publish: Publish;
}

/** Has a server of a library listen, over TLS with an identity; its wire formats are those of `transports/`. */
export async function serveBare(
  library: ServedLibrary,
  identity: Identity | null,
): Promise<BareServing> {
  const options = identity === null ? {} : { key: identity.key, cert: identity.certificate };
  const { server, publish } =
    library === "websocket"
      ? webSocketsOn(identity === null ? createServer() : createHttpsServer(options))
      : http2EventsOn(createSecureServer(options));
  await listen(server, 0, "127.0.0.1");
  return { port: portOf(server), publish };
}

interface Serving {
  readonly server: Server;
  readonly publish: Publish;
}

function webSocketsOn(server: ReturnType<typeof createServer>): Serving {
  const clients = new Set<WebSocket>();
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (webSocket) => {
    clients.add(webSocket);
    webSocket.on("close", () => clients.delete(webSocket));
    // A reset is how clients end here.
    webSocket.on("error", () => {});
    webSocket.send("hello");
  });
  return {
    server,
    publish(message) {
      for (const client of clients) client.send(message, { binary: false });
    },
  };
}

function http2EventsOn(server: ReturnType<typeof createSecureServer>): Serving {
  const clients = new Set<ServerHttp2Stream>();
  server.on("stream", (stream: ServerHttp2Stream) => {
    clients.add(stream);
    stream.on("close", () => clients.delete(stream));
    stream.on("error", () => {});
    stream.respond({ "content-type": "text/event-stream", "cache-control": "no-store" });
    stream.write("event: hello\ndata: 0\n\n");
  });
  return {
    server,
    publish(message, number) {
      const event = Buffer.from(`id: ${number}\ndata: ${message.toString()}\n\n`);
      for (const client of clients) client.write(event);
    },
  };
}
