import type { ContractOptions } from "../bench/conformance/contract.ts";
import { transports } from "../transports/index.ts";
import { transportContract } from "./transport-contract.ts";

const contracts: Readonly<Record<string, ContractOptions>> = {
  "short-polling": { options: { intervalMs: 20 } },
};

for (const transport of transports) {
  transportContract(transport, contracts[transport.name]);
}
