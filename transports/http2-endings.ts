import { constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { ProtocolError, endedByServer, normalizedError } from "./protocol-error.ts";

/** Why a session has ended, which failed with `error`. */
export function whySessionEnded(error: Error | null): Error {
  return whyFailed(error) ?? new Error(endedByServer);
}

/** Why a stream of a session has ended before it was due, which failed with `error`. */
export function whyStreamEnded(
  { rstCode }: ClientHttp2Stream,
  session: ClientHttp2Session,
  error: Error | null,
): Error {
  const failure = whyFailed(error);
  if (failure !== null) return failure;
  if (session.closed || session.destroyed) return new Error(endedByServer);
  return new ProtocolError(`the server reset the stream with ${nameOf(rstCode ?? 0)}`);
}

/** Null where the error says no more than that there is an end. */
function whyFailed(given: Error | null): Error | null {
  // An error of the connection is the cause of the stream's, where it hadn't begun.
  const error = given?.cause instanceof Error ? given.cause : given;
  if (error === null) return null;
  const code = "code" in error ? String(error.code) : "";
  if (!code.startsWith("ERR_HTTP2_")) return normalizedError(error);
  if ("errno" in error && error.errno === flooded) {
    return new ProtocolError("more frames than can be answered");
  }
  if (code === "ERR_HTTP2_ERROR") return new ProtocolError("an answer that isn't HTTP/2");
  if (code !== "ERR_HTTP2_SESSION_ERROR") return null;
  // Node gives the code in no other way.
  const ended = /^Session closed with error code (\d+)$/.exec(error.message)?.[1];
  const why = ended === undefined ? `: ${error.message}` : ` with ${nameOf(Number(ended))}`;
  return new ProtocolError(`the server ended the session${why}`);
}

/** NGHTTP2_ERR_FLOODED: https://nghttp2.org/documentation/enums.html */
const flooded = -904;

/** The name of an error code: RFC 9113, section 7. */
function nameOf(code: number): string {
  const known = Object.entries(constants).find(
    ([name, value]) => errorNames.test(name) && value === code,
  );
  return known?.[0].replace("NGHTTP2_", "") ?? `code ${code}`;
}

const errorNames =
  /^NGHTTP2_(?:NO_ERROR|REFUSED_STREAM|CANCEL|CONNECT_ERROR|ENHANCE_YOUR_CALM|INADEQUATE_SECURITY|HTTP_1_1_REQUIRED|(?:PROTOCOL|INTERNAL|FLOW_CONTROL|FRAME_SIZE|COMPRESSION)_ERROR|SETTINGS_TIMEOUT|STREAM_CLOSED)$/;
