import { maxMessageBytes } from "../../transports/transport.ts";
import { usageError } from "../errors/errors.ts";
import { batchedBytes } from "../layers/batch.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { largestCarried } from "./payload.ts";

/** Throws a `BenchError` for messages that fill a batch before their length stands in front of them. */
export function checkBatches(config: Config, naming: Naming): void {
  const { variants, scenarios, payload, payloadBytes } = config;
  const batching = variants.find(({ bound }) => bound.layers.batchMs !== undefined);
  if (batching === undefined) return;
  const sizes =
    payload?.corpus?.sizes ??
    scenarios.map(({ workload }) => payloadBytes ?? workload.payloadBytes);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const limit = largestCarried(payload, maxMessageBytes - batchedBytes(maxMessageBytes));
  if (most <= limit) return;
  const setting = naming(payload?.corpus != null ? "payloadKind" : "payload");
  throw usageError(
    `${setting}: with ${batching.name}, which sends the length of each message before it, a message has at most ${limit} bytes, not ${most}`,
  );
}
