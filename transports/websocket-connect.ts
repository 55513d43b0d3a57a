import { createHash } from "node:crypto";
import type { ClientRequest } from "node:http";
import { constants } from "node:http2";
import type { IncomingHttpHeaders } from "node:http2";
import { http2Fields } from "./header-fields.ts";
import { whyStreamEnded } from "./http2-endings.ts";
import { sessionAt } from "./http2-sessions.ts";
import type { OpenSession } from "./http2-sessions.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { Http2Place, Target } from "./transport.ts";

/**
 * Sends the handshake that `ws` would send by HTTP/1.1 as an extended CONNECT (RFC 8441, section 5), and tells its
 * request of the answer as if it had been one to that. The stream is then read and written by `ws` itself. `cutOff` is
 * told why it has ended, where that wasn't in order.
 */
export function extendedConnect(
  request: ClientRequest,
  target: Target,
  place: Http2Place,
  cutOff: (why: Error) => void,
): void {
  const placed = sessionAt(place);
  placed.join();
  const open = placed.open(target, () => {});
  open.whenSettled(() => {
    const refusal = open.refusal ?? refusedConnect(open);
    if (refusal === null) return connect(request, target, open, cutOff, () => placed.leave());
    placed.leave();
    request.emit("error", refusal);
  });
}

function refusedConnect({ session }: OpenSession): Error | null {
  if (session.remoteSettings.enableConnectProtocol) return null;
  return new ProtocolError("a server of HTTP/2 that doesn't offer extended CONNECT");
}

function connect(
  request: ClientRequest,
  target: Target,
  open: OpenSession,
  cutOff: (why: Error) => void,
  left: () => void,
): void {
  const handshake = {
    ":method": "CONNECT",
    ":protocol": "websocket",
    ":authority": target.url.host,
    ":path": request.path,
    ...fieldsOf(request, ["sec-websocket-version", "sec-websocket-extensions"]),
  };
  const stream = open.session.request(http2Fields(handshake, target));
  const release = open.takeStream();
  let isAnswered = false;
  let failure: Error | null = null;
  stream.once("response", (fields: IncomingHttpHeaders & { ":status"?: number }) => {
    isAnswered = true;
    const { ":status": statusCode = 0 } = fields;
    if (statusCode === constants.HTTP_STATUS_OK) {
      const headers = { ...fields, ...acceptance(request) };
      request.emit("upgrade", { headers, socket: stream }, stream, Buffer.alloc(0));
    } else {
      request.emit("response", { statusCode, headers: fields });
      stream.close(constants.NGHTTP2_CANCEL);
    }
  });
  const ended = (): void => {
    const why = whyStreamEnded(stream, open.session, failure);
    if (!isAnswered) request.emit("error", why);
    else if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) cutOff(why);
  };
  stream.once("error", (error) => {
    failure = error;
    if (isAnswered) ended();
  });
  stream.once("close", () => {
    ended();
    release();
    left();
  });
}

function fieldsOf(request: ClientRequest, names: readonly string[]): Record<string, string> {
  const present = names.filter((name) => request.hasHeader(name));
  return Object.fromEntries(present.map((name) => [name, String(request.getHeader(name))]));
}

/** What `ws` looks for in an answer of HTTP/1.1 (RFC 6455, section 4.2.2), and HTTP/2 has no use for. */
function acceptance(request: ClientRequest): IncomingHttpHeaders {
  const key = String(request.getHeader("sec-websocket-key"));
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return { upgrade: "websocket", "sec-websocket-accept": accept };
}
