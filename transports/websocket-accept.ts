import type { IncomingMessage } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Layers } from "./layers.ts";

/** What HTTP/1.1 has in a handshake for proxies that know nothing of it; nobody sees what `ws` makes of it. */
const anyKey = Buffer.alloc(16).toString("base64");

/**
 * Makes a handshake of HTTP/1.1 of an extended CONNECT (RFC 8441, section 5): `ws` knows no other. The head of the
 * answer that it writes to `stream` is sent as fields; what follows is written and read by `ws` itself.
 */
export function asHandshake(
  request: IncomingMessage,
  stream: ServerHttp2Stream,
  { headers }: Layers,
): IncomingMessage {
  request.method = "GET";
  request.headers.upgrade = "websocket";
  request.headers["sec-websocket-key"] = anyKey;
  // As the responses of Node have it, by the option of this name that its documentation leaves out.
  const options = { endStream: false, sendDate: headers !== "minimal" };
  const write = (head: string): boolean => {
    Reflect.deleteProperty(stream, "write");
    stream.respond({ ":status": 200, ...agreedIn(head) }, options);
    return true;
  };
  Object.assign(stream, { write });
  return request;
}

/** The fields in which the server says which subprotocol and extensions it takes: the others are of HTTP/1.1. */
function agreedIn(head: string): Record<string, string> {
  const fields = head.matchAll(/\r\n(sec-websocket-(?:protocol|extensions)): (.*)(?=\r\n)/gi);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, value]));
}
