import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { listen } from "../measure/listen.ts";
import { questionIn } from "./question.ts";

/** The path at which it answers. */
export const answeringPath = "/through";

const base = "http://answering.end";

/** A WebSocket says nothing for so long at most. */
const longestMs = 600_000;

/** The answering end by itself, on a port of loopback: what `bench doctor --through` asks behind a proxy. */
export async function openAnsweringEnd(port: number, host: string): Promise<Server> {
  const server = createServer((request, response) => void respond(request, response));
  const sockets = new WebSocketServer({ noServer: true, path: answeringPath, maxPayload: 1_024 });
  sockets.on("headers", (fields, request) => fields.push(`Bench-Through: ${askedAs(request)}`));
  server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const over = AbortSignal.timeout(longestMs);
      over.addEventListener("abort", () => opened.terminate());
      opened.on("error", () => opened.terminate());
    });
  });
  await listen(server, port, host);
  return server;
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = "/" } = request;
  // Anybody may ask for what is no URL, such as `//`.
  const { pathname, searchParams } = new URL(URL.canParse(url, base) ? url : "/", base);
  if (pathname !== answeringPath || request.method !== "GET") {
    const status = pathname === answeringPath ? 405 : 404;
    response.writeHead(status, { "Content-Length": 0 }).end();
    return;
  }
  await answer(request, response, searchParams);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { count, gap, bytes, wait, padding, accel, transform } = questionIn(query);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": transform === undefined ? "no-cache" : "no-cache, no-transform",
    "Bench-Through": askedAs(request),
    ...(accel !== undefined && { "X-Accel-Buffering": accel }),
  });
  response.flushHeaders();
  if (padding > 0) response.write(`:${" ".repeat(padding)}\n\n`);
  const pause = (ms: number): Promise<unknown> =>
    setTimeout(ms, null, { signal: gone.signal }).catch(() => {});
  await pause(wait);
  for (let number = 1; number <= count && !gone.signal.aborted; number += 1) {
    if (number > 1) await pause(gap);
    response.write(`data: ${number} ${Date.now()} ${"x".repeat(bytes)}\n\n`);
  }
  response.end();
}

/** The version of HTTP, and the names of the fields that came; no value of theirs. */
function askedAs({ httpVersion, headers }: IncomingMessage): string {
  return [httpVersion, ...Object.keys(headers)].join(" ");
}
