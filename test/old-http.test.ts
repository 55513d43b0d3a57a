import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { CountedListener } from "../bench/measure/listener.ts";
import { sse } from "../transports/sse.ts";
import { streaming } from "../transports/streaming.ts";
import { eventually } from "./bench-process.ts";

/** Long enough that their chunks have heads of several digits. */
const messages = ["first", "x".repeat(300), "last"];

it.each([
  [sse, "/sse/all", /^id:/gm],
  [streaming, "/stream/all", /"id":/g],
] as const)(
  "a stream of $name is answered without chunks where it is asked for by HTTP/1.0",
  async (transport, path, number) => {
    await using listener = await CountedListener.open(["127.0.0.1"]);
    await using server = transport
      .configure("default", { heartbeatMs: 20 })
      .serve(listener, { message: () => {} });
    const socket = connect(listener.port, "127.0.0.1");
    // As nginx does by default.
    socket.write(
      `GET ${path} HTTP/1.0\r\nHost: 127.0.0.1:${listener.port}\r\nConnection: close\r\n\r\n`,
    );
    let text = "";
    socket.setEncoding("latin1").on("data", (part: string) => (text += part));
    await eventually(() => text.includes("\r\n\r\n"));
    for (const message of messages) server.publish("all", Buffer.from(message));
    const parts = (): ReturnType<CountedListener["totals"]>["parts"] => listener.totals().parts;
    await eventually(() => text.includes("last") && parts().heartbeats.down > 0);
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toMatch(/^Connection: close$/im);
    expect(head).not.toMatch(/transfer-encoding/i);
    for (const message of messages) expect(body).toContain(message);
    expect(body).not.toContain("\r");
    expect(body.match(number)).toHaveLength(
      transport === sse ? messages.length + 1 : messages.length,
    );
    socket.destroy();
    await once(socket, "close");
  },
);
