import type { Server } from "node:http";
import { createServer } from "node:http2";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";

/** How many streams a client may have open at a time: what RFC 9113, section 6.5.2 recommends, and servers have. */
const maxConcurrentStreams = 100;

/** The server's end: sessions on accepted sockets, whose requests are events of a server of HTTP/1.1. */
export class Http2Sessions {
  readonly #http: Server;
  /** Made with the first session, when a transport listens to what it takes. */
  #server: Http2Server | null = null;

  constructor(http: Server) {
    this.#http = http;
  }

  /** Begins a session; null with a client that has negotiated another protocol. */
  begin(socket: Duplex): ServerHttp2Session | null {
    this.#server ??= emittingOn(this.#http);
    let begun: ServerHttp2Session | null = null;
    const hear = (session: ServerHttp2Session): void => void (begun = session);
    this.#server.once("session", hear);
    this.#server.emit("connection", socket);
    this.#server.off("session", hear);
    return begun;
  }
}

function emittingOn(http: Server): Http2Server {
  const takesUpgrades = http.listenerCount("upgrade") > 0;
  const server = createServer({
    settings: { maxConcurrentStreams, ...(takesUpgrades && { enableConnectProtocol: true }) },
  });
  server.on("request", (request, response) => http.emit("request", request, response));
  if (!takesUpgrades) return server;
  // RFC 8441: with HTTP/1.1, it would be an upgrade.
  server.on("connect", (request, response) => {
    const { ":protocol": protocol } = request.headers;
    if (protocol === "websocket") http.emit("upgrade", request, request.stream, Buffer.alloc(0));
    else response.writeHead(501).end();
  });
  return server;
}
