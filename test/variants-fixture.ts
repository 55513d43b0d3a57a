import { figureOf, resultsOf, trialOf } from "./results-fixture.ts";
import type { Results, Trial } from "../bench/results/schema.ts";

/** Variants of several transports, out of order, over three trials: bytes that don't vary, and times that do. */
export function variantResults(): Results {
  const results = resultsOf([
    ...trialsOf("websocket+tls", 26, [3, 3.1, 3.2]),
    ...trialsOf("sse+h2", 30, [2, 2.1, 2.2]),
    ...trialsOf("websocket", 4, [1, 1.1, 1.2]),
    ...trialsOf("short-polling", 270, [500, 510, 520]),
    ...trialsOf("websocket@5s", 4, [1.05, 1.1, 1.3]),
    ...trialsOf("sse:eventsource", 24, [2, 2.4, 2.1]),
    ...trialsOf("tcp", 4, [0.9, 1, 1.1]),
  ]);
  for (const variant of results.variants) variant.reference = variant.name === "tcp";
  return results;
}

function trialsOf(variant: string, bytes: number, times: readonly number[]): Trial[] {
  return times.map((ms, index) =>
    trialOf(variant, {
      repetition: index + 1,
      figures: [
        figureOf("bytes", bytes, { label: "B/msg", counted: true }),
        figureOf("delivery.p50", ms * 1e6, { label: "p50", unit: "ns", headline: true }),
      ],
    }),
  );
}
