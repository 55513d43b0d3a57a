import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** What a stream that was dialled emits when its first byte can go: TLS tells of its socket by "connect", and of itself later. */
export function connectedEvent(stream: Duplex): "connect" | "secureConnect" {
  return stream instanceof TLSSocket ? "secureConnect" : "connect";
}
