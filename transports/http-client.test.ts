import { createServer } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect, it } from "vitest";
import { portOf } from "../bench/measure/listen.ts";
import { HttpClient, loadHttpClient } from "./http-client.ts";

it("asks again where the connection is reset between a request and its first byte", async () => {
  await loadHttpClient();
  const server = createServer((_request, response) => void response.end("here"));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const sockets: Socket[] = [];
  const target = {
    url: new URL(`http://127.0.0.1:${portOf(server)}`),
    channel: "all",
    phase: 0,
    dial() {
      const socket = connect(portOf(server), "127.0.0.1");
      sockets.push(socket);
      return socket;
    },
  };
  const asked: boolean[] = [];
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, 1_000, {
    reconnected: (again) => asked.push(again),
  });
  const ask = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const again = (): void => {
        const handler = client.retryable(
          again,
          (_status, _header, body) => resolve(body.toString()),
          reject,
        );
        client.requests.dispatch({ method: "GET", path: "/" }, handler);
      };
      again();
    });
  try {
    expect(await ask()).toBe("here");
    await new Promise(setImmediate);
    // Its error is reported in a later iteration: until then, the request waits for the connection.
    sockets[0]?.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    expect(await ask()).toBe("here");
    expect(asked).toEqual([true]);
    expect(sockets).toHaveLength(2);
  } finally {
    await client.close();
    server.close();
    server.closeAllConnections();
  }
});
