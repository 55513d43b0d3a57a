import { WebSocket } from "ws";
import { ignoreIfDestroyed } from "./bare-client.ts";
import type { Opened, Opening } from "./bare-client.ts";

/** A loop over `ws`; messages that are compressed are objects of JSON. */
export function openWebSocket(opening: Opening, isCompressed: boolean): Opened {
  const { socket, authority, channel, next, recorder, ready } = opening;
  const scheme = "encrypted" in socket ? "wss" : "ws";
  const webSocket = new WebSocket(`${scheme}://${authority}/ws/${channel}`, {
    createConnection: () => socket,
    perMessageDeflate: isCompressed,
  });
  const position = { next };
  const take = isCompressed
    ? (payload: Buffer) => recorder.text(position, headOf(payload))
    : (payload: Buffer) => recorder.bytes(position, payload);
  // The first is the hello.
  webSocket.once("message", () => {
    webSocket.on("message", take);
    ready();
  });
  webSocket.on("error", (error) => ignoreIfDestroyed(socket, error));
  return { send: (payload) => webSocket.send(payload, { binary: false }) };
}

function headOf(payload: Buffer): string {
  const message: unknown = JSON.parse(payload.toString());
  if (typeof message === "object" && message !== null && "bench" in message) {
    if (typeof message.bench === "string") return message.bench;
  }
  throw new Error("a message without a head");
}
