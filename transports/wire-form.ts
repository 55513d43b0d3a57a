/**
 * How a client is heard on the wire, over HTTP/1.1: for whoever speaks it by hand to try a server's limits. Plain data, in
 * which `{channel}`, `{session}` and `{text}` stand for these.
 */
export interface WireForm {
  /** The request that makes a client: a poll, a stream, or the handshake of a WebSocket. */
  readonly ask: { readonly method: "GET" | "POST"; readonly path: string };
  /** How it sends messages up. */
  readonly up: Posts | Frames;
}

/** Each message is the body of a POST. */
export interface Posts {
  readonly by: "posts";
  readonly path: string;
  readonly message: string;
  /** Where the path names a session: the regular expression by which the answer to `ask` tells it. */
  readonly session?: string;
}

/** Each message is a text frame of a WebSocket. */
export interface Frames {
  readonly by: "frames";
  /** What else makes a client, after the handshake: a text, and how the server's answer to it begins. */
  readonly greeting?: { readonly text: string; readonly answer: string };
  readonly message: string;
}

/** The form of the transports that are asked at `path`, and take messages by `POST /send/:channel`. */
export function postsBeside(path: string, method: "GET" | "POST" = "GET"): WireForm {
  return {
    ask: { method, path: `${path}/{channel}` },
    up: { by: "posts", path: "/send/{channel}", message: "{text}" },
  };
}
