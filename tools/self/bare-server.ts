import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { nowNs } from "../../bench/measure/clock.ts";
import { calibrateBusyWait, pace, steady } from "../../bench/measure/pacer.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import { writeHead } from "./bare-recorder.ts";
import type { BareServerVerbs } from "./protocol.ts";

// The server of the bare pair: what a message's way takes that no harness has anything to do with.

const clients = new Set<WebSocket>();
let payload = Buffer.alloc(0);
let epochNs = 0;

const verbs: BareServerVerbs = {
  async start(parameters) {
    payload = Buffer.alloc(parameters.payloadBytes, "0");
    epochNs = parameters.epochNs;
    await calibrateBusyWait();
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
    server.on("connection", (webSocket) => {
      clients.add(webSocket);
      webSocket.on("close", () => clients.delete(webSocket));
      // A reset is how clients end here.
      webSocket.on("error", () => {});
      webSocket.send("hello");
    });
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on a port");
    return { port: address.port };
  },

  async publish({ ratePerSecond, forMs, firstSequence }) {
    const startNs = nowNs();
    await pace(steady(ratePerSecond, forMs), startNs, { busyWaitNs: 0 }, (index, dueNs) => {
      // Unmasked frames are not copied, and may wait to be written.
      const message = Buffer.from(payload);
      writeHead(message, firstSequence + index, dueNs - epochNs);
      for (const client of clients) client.send(message, { binary: false });
    });
  },
};

serveVerbs(verbs);
