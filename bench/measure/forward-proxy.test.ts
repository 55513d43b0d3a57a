import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../probe/ask.ts";
import { Dialler } from "./dialler.ts";
import type { ByForwardProxy } from "./forward-proxy.ts";
import { listen, portOf } from "./listen.ts";

async function listening(server: Server): Promise<number> {
  await listen(server, 0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return portOf(server);
}

/** A server that answers with what it was asked for, and a proxy that keeps what it is asked for, and answers CONNECT so. */
async function proxied(answer = "HTTP/1.1 200 Connection established\r\n\r\n"): Promise<{
  asked: string[];
  dialler: (by: ByForwardProxy["by"]) => Dialler;
  authority: string;
}> {
  const asked: string[] = [];
  const server = createServer((request, response) => response.end(`asked for ${request.url}`));
  server.on("upgrade", (_request: IncomingMessage, socket: Socket) =>
    socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
  );
  const authority = `127.0.0.1:${await listening(server)}`;
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("by the proxy");
  });
  proxy.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(`CONNECT ${request.url}`);
    socket.write(answer.slice(0, 10));
    setImmediate(() => socket.write(answer.slice(10)));
    const onward = connect(portOf(server), "127.0.0.1");
    onward.write(head);
    socket.pipe(onward).pipe(socket);
    for (const side of [socket, onward]) side.on("error", () => {});
    onTestFinished(() => void socket.destroy());
  });
  const port = await listening(proxy);
  const dialler = (by: ByForwardProxy["by"]): Dialler =>
    new Dialler("127.0.0.1", port, null, undefined, { authority, by });
  return { asked, dialler, authority };
}

const get = (authority: string): string => `GET /a?b=1 HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
const webSocket = (authority: string): string =>
  `GET /ws HTTP/1.1\r\nHost: ${authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

async function answerTo(request: string, stream: Socket): Promise<string> {
  stream.write(request, "latin1");
  const [chunk]: unknown[] = await once(stream, "data");
  return String(chunk);
}

describe("a client that is told of a forward proxy", () => {
  it("names the server in each request", async () => {
    const { asked, dialler, authority } = await proxied();
    const stream = dialler("browser").dial();
    expect(await answerTo(get(authority), stream)).toContain("by the proxy");
    expect(await answerTo(get(authority), stream)).toContain("by the proxy");
    expect(asked).toEqual(Array.from({ length: 2 }, () => `GET http://${authority}/a?b=1`));
  });

  it("asks for a tunnel for what is upgraded", async () => {
    const { asked, dialler, authority } = await proxied();
    const stream = dialler("browser").dial();
    expect(await answerTo(webSocket(authority), stream)).toMatch(/^HTTP\/1\.1 101 /);
    expect(asked).toEqual([`CONNECT ${authority}`]);
  });

  it("asks for a tunnel for everything where it is to", async () => {
    const { asked, dialler, authority } = await proxied();
    const stream = dialler("connect").dial();
    expect(await answerTo(get(authority), stream)).toContain("asked for /a?b=1");
    expect(await answerTo(get(authority), stream)).toContain("asked for /a?b=1");
    expect(asked).toEqual([`CONNECT ${authority}`]);
  });

  it("gets nothing of the proxy's own answer, also where it reads by itself", async () => {
    const { dialler, authority } = await proxied();
    let heard = "";
    const stream = dialler("connect").dial((chunk, length) => {
      heard += chunk.toString("latin1", 0, length);
    });
    stream.write(get(authority), "latin1");
    await expect.poll(() => heard).toContain("asked for /a?b=1");
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it("fails with what the proxy said where it gets no tunnel", async () => {
    const { dialler, authority } = await proxied("HTTP/1.1 403 Forbidden\r\n\r\n");
    const stream = dialler("connect").dial();
    stream.write(get(authority), "latin1");
    const [error]: unknown[] = await once(stream, "error");
    expect(error).toMatchObject({ message: "the proxy answered CONNECT by 403 Forbidden" });
    const asked = await ask(dialler("connect"), get(authority), 1_000);
    expect(asked).toMatchObject({ status: 403, reason: "Forbidden to CONNECT" });
  });
});
