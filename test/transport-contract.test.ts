import { transports } from "../transports/index.ts";
import { transportContract } from "./transport-contract.ts";
import type { ContractOptions } from "./transport-contract.ts";

const contracts: Readonly<Record<string, ContractOptions>> = {
  "short-polling": { options: { intervalMs: 20 } },
  sse: {
    exceptions: [
      {
        reason: "the format has no carriage return within a line",
        tests: ["delivers a payload that looks like framing unchanged"],
      },
    ],
  },
};

for (const transport of transports) transportContract(transport, contracts[transport.name]);
