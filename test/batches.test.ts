import { describe, expect, it } from "vitest";
import { parseVariant } from "../bench/settings/variant.ts";
import type { AnyTransport } from "../transports/define-transport.ts";
import { transports } from "../transports/index.ts";
import { longPolling } from "../transports/long-polling.ts";
import { sse } from "../transports/sse.ts";
import { batchContract } from "./batch-contract.ts";

// The same code takes them apart for all transports and clients: layers.proof.ts plays everything with each.
const whole: ReadonlySet<AnyTransport> = new Set([sse, longPolling]);
const once = new Set(["sends each message to every client of its channel, once and in order"]);
describe.each(transports)("$name in batches", (transport) => {
  batchContract(transport, ["default"], whole.has(transport) ? undefined : once);
});

it("messages are gathered for a second at most", () => {
  expect(() => parseVariant("sse+batch=2s")).toThrow('sse option batch: "2s" is not');
});
