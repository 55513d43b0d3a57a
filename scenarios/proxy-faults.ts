/**
 * What a proxy may do to a connection that its ends don't expect.
 *
 * - `refused`: no answer, or an error, or no upgrade where there is no other way.
 * - `upgrade`: an upgrade to WebSocket that clients do without isn't made.
 * - `head`: the head of an answer waits for its first event.
 * - `buffered`: events gather, and come together.
 * - `delayed`: events come late, though each by itself.
 * - `compressed`: contents are compressed, which nobody asked for.
 * - `cut`: a silent connection is ended.
 * - `gone-client`: the server isn't told in time that its client has gone.
 * - `gone-server`: the client isn't told in time that its server has gone.
 * - `reload`: connections are cut, or messages lost, when the proxy reads its configuration again.
 */
export const proxyFaultKinds = [
  "refused",
  "upgrade",
  "head",
  "buffered",
  "delayed",
  "compressed",
  "cut",
  "gone-client",
  "gone-server",
  "reload",
] as const;

export type ProxyFaultKind = (typeof proxyFaultKinds)[number];
