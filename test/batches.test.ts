import { describe, expect, it } from "vitest";
import { parseVariant } from "../bench/settings/variant.ts";
import { transports } from "../transports/index.ts";
import { batchContract } from "./batch-contract.ts";

// The same code takes them apart for all clients: layers.proof.ts plays it with each.
describe.each(transports)("$name in batches", (transport) => {
  batchContract(transport, ["default"]);
});

it("messages are gathered for a second at most", () => {
  expect(() => parseVariant("sse+batch=2s")).toThrow('sse option batch: "2s" is not');
});
