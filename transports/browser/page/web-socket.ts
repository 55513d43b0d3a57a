import { Subscription, connected, resuming } from "./client.ts";
import type { OpenClient } from "./client.ts";

/** The browser's `WebSocket`. */
export const openWebSocket: OpenClient = (settings, tells) => {
  const { channel, binary = false, overHttp2 = false } = settings;
  const subscription = new Subscription(settings, tells);
  const url = new URL(`/ws/${channel}${resuming(settings)}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  let socket: WebSocket | null = null;
  const open = (): void => {
    if (subscription.isEnded) return;
    const opened = new WebSocket(url);
    socket = opened;
    opened.binaryType = "arraybuffer";
    opened.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (subscription.isOpen) subscription.message(data);
      else subscription.hello(typeof data === "string" ? data : "bytes");
      if (subscription.isEnded) opened.close();
    });
    opened.addEventListener("close", ({ code, reason }) => {
      const words = reason === "" ? "" : `: ${reason}`;
      subscription.end(`the WebSocket was closed with code ${code}${words}`);
    });
  };
  if (overHttp2) void connected().then(open);
  else open();
  return {
    send: (payload) =>
      socket?.send(typeof payload === "string" && !binary ? payload : asBytes(payload)),
    close() {
      subscription.isEnded = true;
      socket?.close();
    },
  };
};

function asBytes(payload: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof payload === "string" ? new TextEncoder().encode(payload) : new Uint8Array(payload);
}
