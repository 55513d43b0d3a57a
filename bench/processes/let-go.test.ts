import { once } from "node:events";
import { createServer, get } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { listen, portOf } from "../measure/listen.ts";
import { OpenRequests, letGo } from "./let-go.ts";

/** A server, what is open at it, and its requests. */
async function opened(): Promise<{
  server: Server;
  port: number;
  open: Set<Duplex>;
  requests: OpenRequests;
}> {
  const server = createServer();
  const open = new Set<Duplex>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  await listen(server, 0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: portOf(server), open, requests: new OpenRequests(server) };
}

test("connections end one after the other, over the time that is given", async () => {
  const { port, open, requests } = await opened();
  const endings: number[] = [];
  const ended = Array.from({ length: 4 }, async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.resume();
    await once(socket, "end");
    endings.push(performance.now());
  });
  await expect.poll(() => open.size).toBe(4);
  const beganMs = performance.now();
  await letGo(open, requests, 200);
  const tookMs = performance.now() - beganMs;
  await Promise.all(ended);
  expect(tookMs).toBeGreaterThanOrEqual(199);
  const [first = 0, , , last = 0] = endings;
  expect(last - first).toBeGreaterThan(75);
});

test("a request that waits is answered, and its connection ends with the answer", async () => {
  const { server, port, open, requests } = await opened();
  const held = once(server, "request");
  const answered = new Promise<IncomingMessage>((resolve) =>
    get({ port, agent: false, headers: { connection: "keep-alive" } }, resolve),
  );
  const [, response]: (IncomingMessage & ServerResponse)[] = await held;
  await letGo(open, requests, 10);
  response?.end("at last");
  const answer = await answered;
  expect(answer.headers.connection).toBe("close");
  expect(String(await answer.toArray())).toBe("at last");
});
