import { isLayer } from "../transports/layers.ts";
import { transports } from "../transports/index.ts";
import { transportContract } from "./transport-contract.ts";

/** What makes a variant compress. */
const compressing = [
  { deflate: "takeover" },
  { deflate: "no-takeover", threshold: 0 },
  { gzip: true },
  { br: true, quality: 1 },
];

for (const options of compressing) {
  const asked = Object.keys(options).filter(isLayer);
  for (const transport of transports) {
    const clients = transport.clients.filter((client) =>
      asked.every((layer) => transport.layers(client).includes(layer)),
    );
    // All read Brotli, and frames without a history, as they read the other.
    if ("br" in options || "threshold" in options) clients.splice(1);
    const quick = transport.name === "short-polling" ? { intervalMs: 20 } : {};
    if (clients.length > 0) {
      transportContract(transport, { options: { ...quick, ...options } }, clients);
    }
  }
}
