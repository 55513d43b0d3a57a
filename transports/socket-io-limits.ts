import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { ServerOptions } from "ws";
import { closingMs, limitedFrames } from "./limited-frames.ts";
import type { EngineSocket } from "./socket-io-bytes.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Ends a client by a packet of Engine.IO when more packets come than its limit: one request may bring many. */
export function limitPackets(engine: EngineSocket, perSecond: number): void {
  const packets = new TokenBucket(perSecond);
  engine.on("packet", () => {
    if (!packets.take()) engine.close();
  });
}

/** The server of WebSockets that Socket.IO is given, whose frames are limited. */
export function limitingServer(
  buckets: WeakMap<Duplex, TokenBucket>,
): new (options?: ServerOptions) => WebSocketServer {
  return class extends WebSocketServer {
    constructor(options?: ServerOptions) {
      const hasty = { ...options, closeTimeout: closingMs };
      super(hasty);
    }

    override handleUpgrade(...[request, socket, head, done]: UpgradeArguments): void {
      super.handleUpgrade(request, socket, head, (webSocket, asked) => {
        const bucket = buckets.get(socket);
        const [receive] = socket.listeners("data");
        if (bucket !== undefined && receive !== undefined) {
          socket.removeAllListeners("data");
          const take = (piece: Buffer): void => void Reflect.apply(receive, socket, [piece]);
          socket.on("data", limitedFrames(webSocket, bucket, take));
        }
        done(webSocket, asked);
      });
    }
  };
}

type UpgradeArguments = Parameters<WebSocketServer["handleUpgrade"]>;
