/**
 * Features that users ask for under names that aren't ours, in lower case without hyphens: those that have a variant,
 * and those that don't exist yet.
 */
const wellKnown: readonly {
  readonly what: string;
  readonly names: readonly string[];
  readonly variant?: string;
}[] = [
  {
    what: "WebSocket over TLS",
    names: ["wss", "websocketsecure", "securewebsocket"],
    variant: "websocket+tls",
  },
  { what: "TLS", names: ["tls", "ssl", "https"], variant: "sse+tls" },
  { what: "HTTP/2", names: ["h2", "h2c", "http2"], variant: "sse+h2" },
  { what: "HTTP/3", names: ["h3", "http3", "quic"] },
  {
    what: "permessage-deflate",
    names: ["deflate", "permessagedeflate", "compression"],
    variant: "websocket+deflate",
  },
  { what: "gzip", names: ["gzip"], variant: "sse+gzip" },
  { what: "Brotli", names: ["br", "brotli"], variant: "sse+br" },
  { what: "Zstandard", names: ["zstd", "zstandard"] },
  { what: "Engine.IO", names: ["engineio", "eio"] },
  { what: "SockJS", names: ["sockjs"] },
  { what: "SignalR", names: ["signalr"] },
  { what: "WebTransport", names: ["webtransport", "wt"] },
  { what: "WebRTC", names: ["webrtc", "datachannel"] },
  { what: "gRPC", names: ["grpc", "grpcweb", "connectrpc"] },
  { what: "MQTT", names: ["mqtt", "mqttws"] },
  { what: "STOMP", names: ["stomp"] },
  { what: "GraphQL", names: ["graphql", "graphqlws"] },
];

/** A name for comparing: lower case, without separators. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. /]/g, "");
}

/** `SignalR is not supported yet; ` for something that is well known and doesn't exist here, else nothing. */
export function notSupportedYet(name: string): string {
  const { what, variant } = findKnown(name) ?? {};
  return what === undefined || variant !== undefined ? "" : `${what} is not supported yet; `;
}

/** The same for the name of a transport or option, and in which other place it exists. */
export function hintFor(name: string): string {
  const { what, variant } = findKnown(name) ?? {};
  return variant === undefined ? notSupportedYet(name) : `${what} is an option: ${variant}; `;
}

function findKnown(name: string): (typeof wellKnown)[number] | undefined {
  const plain = plainName(name);
  return wellKnown.find(({ names }) => names.includes(plain));
}
