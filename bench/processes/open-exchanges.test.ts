import { once } from "node:events";
import { createServer, get } from "node:http";
import type { ServerResponse } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { expect, it } from "vitest";
import { listen, portOf } from "../measure/listen.ts";
import { OpenExchanges } from "./open-exchanges.ts";

it("counts held requests, streams and upgraded connections until they end", async () => {
  const held: ServerResponse[] = [];
  const server = createServer((_request, response) => void held.push(response));
  const sockets = new WebSocketServer({ server });
  const exchanges = new OpenExchanges(server);
  await listen(server, 0, "127.0.0.1");
  const port = portOf(server);
  try {
    const poll = get({ host: "127.0.0.1", port });
    poll.on("error", () => {});
    await once(server, "request");
    expect(exchanges.count).toBe(1);
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(socket, "open");
    expect(exchanges.count).toBe(2);

    const [response] = held;
    if (response === undefined) throw new Error("no request came");
    response.end("now");
    await once(response, "close");
    expect(exchanges.count).toBe(1);
    const [peer] = sockets.clients;
    if (peer === undefined) throw new Error("no WebSocket came");
    socket.close();
    await once(peer, "close");
    await expect.poll(() => exchanges.count).toBe(0);
  } finally {
    sockets.close();
    server.close();
  }
});
