import { transports } from "../transports/index.ts";
import { neverLess, transportContract } from "./transport-contract.ts";

/** What makes a variant compress. */
const layers: readonly Readonly<Record<string, unknown>>[] = [
  { deflate: "takeover" },
  { deflate: "no-takeover", threshold: 0 },
  { gzip: true },
  { br: true, quality: 1 },
];

for (const layer of layers) {
  for (const transport of transports) {
    if (
      !Object.keys(layer).every((key) => transport.layers("default").some((own) => own === key))
    ) {
      continue;
    }
    transportContract(transport, {
      options: { ...(transport.name === "short-polling" && { intervalMs: 20 }), ...layer },
      exceptions: [{ reason: "messages are compressed", tests: [neverLess] }],
    });
  }
}
