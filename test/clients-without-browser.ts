import type { AnyTransport } from "../transports/define-transport.ts";

/** The clients of a transport but those that live in a browser, which a test would have to start. */
export function clientsWithoutBrowser({ clients, inBrowser }: AnyTransport): string[] {
  return clients.filter((client) => !(client in inBrowser));
}

/** Those of them that can send, too. */
export function sendingClients(transport: AnyTransport): string[] {
  return clientsWithoutBrowser(transport).filter((client) => transport.configure(client, {}).sends);
}
