import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { createParser } from "eventsource-parser";
import { WebSocket } from "ws";
import type { BareClient, Opening } from "./bare-client.ts";
import { openLines } from "./bare-lines.ts";
import { openPolls } from "./bare-polls.ts";
import type { Library } from "./protocol.ts";

/** Opens a client of `library`; the wire formats are those of `transports/`. */
export function openClient(
  library: Library,
  port: number,
  opening: Omit<Opening, "socket" | "authority">,
): BareClient {
  const host = "127.0.0.1";
  const socket = connect({ host, port, noDelay: true });
  const full = { ...opening, socket, authority: `${host}:${port}` };
  if (library === "websocket") return openWebSocket(full);
  if (library === "sse") return openEvents(full);
  if (library === "lines") return openLines(full);
  return openPolls(full, library === "polls-at-once" ? null : 20);
}

function openWebSocket({ socket, authority, channel, next, recorder, ready }: Opening): BareClient {
  const webSocket = new WebSocket(`ws://${authority}/ws/${channel}`, {
    createConnection: () => socket,
    perMessageDeflate: false,
  });
  const position = { next };
  // The first is the hello.
  webSocket.once("message", () => {
    webSocket.on("message", (payload: Buffer) => recorder.bytes(position, payload));
    ready();
  });
  webSocket.on("error", (error) => ignoreIfDestroyed(socket, error));
  return { socket, send: (payload) => webSocket.send(payload, { binary: false }) };
}

function openEvents({ socket, authority, channel, next, recorder, ready }: Opening): BareClient {
  const position = { next };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === undefined) recorder.text(position, data);
      else ready();
    },
  });
  const request = httpRequest({
    path: `/sse/${channel}`,
    headers: { Host: authority, Accept: "text/event-stream" },
    createConnection: () => socket,
  });
  request.on("response", (response) => {
    response.setEncoding("utf8");
    response.on("data", (text: string) => parser.feed(text));
    response.on("error", (error) => ignoreIfDestroyed(socket, error));
  });
  request.on("error", (error) => ignoreIfDestroyed(socket, error));
  request.end();
  return { socket };
}

/** Ends the process, which ends the benchmark; but for a client that is being ended itself. */
function ignoreIfDestroyed(socket: Socket, error: Error): void {
  if (!socket.destroyed || socket.errored !== null) throw error;
}
