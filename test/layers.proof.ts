import { describe } from "vitest";
import { transports } from "../transports/index.ts";
import { batchContract } from "./batch-contract.ts";
import { clientsWithoutBrowser } from "./clients-without-browser.ts";
import {
  answering,
  compressed,
  guarded,
  ofSocketIo,
  overHttp2,
  overTls,
  withoutKeepAlive,
} from "./layered-variants.ts";
import { transportContract } from "./transport-contract.ts";

// The whole contract over each transport with each layer and each client that can stand on it.

for (const variant of [
  ...compressed,
  ...overTls,
  ...overHttp2,
  ...withoutKeepAlive,
  ...guarded,
  ...answering,
  ...ofSocketIo,
]) {
  transportContract(variant.transport, variant.contract, variant.clients);
}

describe.each(transports)("$name in batches", (transport) => {
  batchContract(transport, clientsWithoutBrowser(transport));
});
