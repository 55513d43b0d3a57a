import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { portOf } from "../bench/measure/listen.ts";
import { HttpUpstream, loadHttpClient, upstreamKept } from "./http-client.ts";

it("sends nothing up that waits behind a message which failed", async () => {
  await loadHttpClient();
  const asked: string[] = [];
  // The first connection is reset under the first message.
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (asked.length === 1) return reset(request);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  let dials = 0;
  const target = {
    url: new URL(`http://127.0.0.1:${portOf(server)}`),
    channel: "own",
    phase: 0,
    dial() {
      dials += 1;
      return connect(portOf(server), "127.0.0.1");
    },
  };
  const failures: Error[] = [];
  await new Promise<void>((resolve) => {
    const upstream = new HttpUpstream(target, upstreamKept, { reconnected: () => {} }, (error) => {
      failures.push(error);
      upstream.send(Buffer.from("late"));
      resolve();
    });
    for (const text of ["first", "second", "third"]) upstream.send(Buffer.from(text));
  });
  // What was to be sent would have been by the time that a request of one's own is answered.
  await fetch(`${target.url.href}own`);
  expect(asked).toEqual(["/send/own", "/own"]);
  expect([failures.length, dials]).toEqual([1, 1]);
  server.close();
  server.closeAllConnections();
});

function reset({ socket }: IncomingMessage): void {
  socket.resetAndDestroy();
}
