import type { Server } from "node:http";
import { createServer } from "node:http2";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";

/** How many streams a client may have open at a time: what RFC 9113, section 6.5.2 recommends, and servers have. */
const maxConcurrentStreams = 100;

/** The server's end: sessions on accepted sockets, whose requests are events of a server of HTTP/1.1. */
export class Http2Sessions {
  readonly #server: Http2Server = createServer({ settings: { maxConcurrentStreams } });

  constructor(http: Server) {
    this.#server.on("request", (request, response) => http.emit("request", request, response));
  }

  /** Begins a session; null with a client that has negotiated another protocol. */
  begin(socket: Duplex): ServerHttp2Session | null {
    let begun: ServerHttp2Session | null = null;
    const hear = (session: ServerHttp2Session): void => void (begun = session);
    this.#server.once("session", hear);
    this.#server.emit("connection", socket);
    this.#server.off("session", hear);
    return begun;
  }
}
