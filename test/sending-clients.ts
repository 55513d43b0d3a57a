import type { AnyTransport } from "../transports/define-transport.ts";

/** The clients of a transport that can send, too. */
export function sendingClients(transport: AnyTransport): string[] {
  return transport.clients.filter((client) => transport.configure(client, {}).sends);
}
