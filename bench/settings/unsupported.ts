/** Features that users ask for and that don't exist yet, under all their names, in lower case without hyphens. */
const notYet: readonly { readonly what: string; readonly names: readonly string[] }[] = [
  { what: "WebSocket over TLS", names: ["wss", "websocketsecure", "securewebsocket"] },
  { what: "TLS", names: ["tls", "ssl", "https"] },
  { what: "HTTP/2", names: ["h2", "h2c", "http2"] },
  { what: "HTTP/3", names: ["h3", "http3", "quic"] },
  { what: "compression", names: ["deflate", "permessagedeflate", "gzip", "br", "brotli", "zstd"] },
  { what: "Socket.IO", names: ["socketio", "io"] },
  { what: "Engine.IO", names: ["engineio", "eio"] },
  { what: "SockJS", names: ["sockjs"] },
  { what: "SignalR", names: ["signalr"] },
  { what: "WebTransport", names: ["webtransport", "wt"] },
  { what: "WebRTC", names: ["webrtc", "datachannel"] },
  { what: "gRPC", names: ["grpc", "grpcweb", "connectrpc"] },
  { what: "MQTT", names: ["mqtt", "mqttws"] },
  { what: "STOMP", names: ["stomp"] },
  { what: "GraphQL", names: ["graphql", "graphqlws"] },
  { what: "HTTP streaming", names: ["streaming", "ndjson", "chunked"] },
];

/** A name for comparing: lower case, without separators. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. /]/g, "");
}

/** `Socket.IO is not supported yet; ` for something that is well known, else nothing. */
export function notSupportedYet(name: string): string {
  const plain = plainName(name);
  const known = notYet.find(({ names }) => names.includes(plain));
  return known === undefined ? "" : `${known.what} is not supported yet; `;
}
