import type { WebSocket } from "ws";
import type { TokenBucket } from "./token-bucket.ts";
import { FrameCounter } from "./websocket-frames.ts";

/** RFC 6455, section 7.4.1. */
const policyViolation = 1008;

/** How long a client that is told to close may take to do so, in milliseconds; what it sends meanwhile isn't read. */
export const closingMs = 1_000;

/** `receive`, until more frames come than the bucket lets through: pings, too. Then the WebSocket is closed. */
export function limitedFrames(
  webSocket: WebSocket,
  bucket: TokenBucket,
  receive: (piece: Buffer) => void,
): (piece: Buffer) => void {
  const counter = new FrameCounter();
  let isOver = false;
  // A broken frame: nothing can be read any more.
  webSocket.once("error", () => (isOver = true));
  return (piece) => {
    if (isOver) return;
    if (bucket.take(counter.count(piece))) return receive(piece);
    isOver = true;
    webSocket.close(policyViolation, "too many frames");
  };
}
