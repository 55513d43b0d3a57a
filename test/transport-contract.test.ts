import { describe } from "vitest";
import type { ContractOptions } from "../bench/conformance/contract.ts";
import { transports } from "../transports/index.ts";
import { longPolling } from "../transports/long-polling.ts";
import { shortPolling } from "../transports/short-polling.ts";
import { transportContract } from "./transport-contract.ts";

const contracts: Readonly<Record<string, ContractOptions>> = {
  "short-polling": { options: { intervalMs: 20 } },
};

for (const transport of transports) transportContract(transport, contracts[transport.name]);

const unkept: ContractOptions = {
  options: { intervalMs: 20, keepalive: "off" },
  exceptions: [
    {
      reason: "between two polls there is no connection to cut",
      tests: ["tells a client that it was cut off, or of the connection in its place, once"],
    },
  ],
};

describe("without keep-alive", () => {
  transportContract(shortPolling, unkept, ["default"]);
  transportContract(longPolling, { ...unkept, options: { keepalive: "off" } }, ["default"]);
});
