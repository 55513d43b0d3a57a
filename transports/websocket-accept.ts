import type { IncomingMessage } from "node:http";
import type { ServerHttp2Stream } from "node:http2";

/** What HTTP/1.1 has in a handshake for proxies that know nothing of it; nobody sees what `ws` makes of it. */
const anyKey = Buffer.alloc(16).toString("base64");

/**
 * Makes a handshake of HTTP/1.1 of an extended CONNECT (RFC 8441, section 5): `ws` knows no other. The head of the
 * answer that it writes to `stream` is sent as fields; what follows is written and read by `ws` itself.
 */
export function asHandshake(request: IncomingMessage, stream: ServerHttp2Stream): IncomingMessage {
  request.method = "GET";
  request.headers.upgrade = "websocket";
  request.headers["sec-websocket-key"] = anyKey;
  const write = (): boolean => {
    Reflect.deleteProperty(stream, "write");
    stream.respond({ ":status": 200 });
    return true;
  };
  Object.assign(stream, { write });
  return request;
}
