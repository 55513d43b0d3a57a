import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as secure } from "node:tls";
import type { BareClient, Opened, Opening } from "./bare-client.ts";
import { openEvents, openHttp2Events } from "./bare-events.ts";
import { openLines } from "./bare-lines.ts";
import { openPolls } from "./bare-polls.ts";
import { openWebSocket } from "./bare-websocket.ts";
import type { BareSetting, Library } from "./protocol.ts";

/** The wire formats are those of `transports/`. */
const openers: Readonly<Record<Library, (opening: Opening) => Opened>> = {
  websocket: (opening) => openWebSocket(opening, false),
  "websocket-deflate": (opening) => openWebSocket(opening, true),
  sse: openEvents,
  "sse-http2": openHttp2Events,
  lines: openLines,
  "polls-at-once": (opening) => openPolls(opening, null),
  "polls-every-20ms": (opening) => openPolls(opening, 20),
};

/** Opens a client of a library, over TLS where the server has a certificate. */
export function openClient(
  { library, port, certificate }: BareSetting,
  opening: Omit<Opening, "socket" | "authority">,
): BareClient {
  const host = "127.0.0.1";
  const socket = connect({ host, port, noDelay: true });
  const stream = certificate === null ? socket : secured(socket, certificate, library);
  const opened = openers[library]({ ...opening, socket: stream, authority: `${host}:${port}` });
  return { ...opened, socket };
}

function secured(socket: Socket, ca: string, library: Library): Socket {
  return secure({
    socket,
    servername: "localhost",
    ca,
    ...(library === "sse-http2" && { ALPNProtocols: ["h2"] }),
  });
}
