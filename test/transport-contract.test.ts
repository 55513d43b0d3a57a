import { transports } from "../transports/index.ts";
import { layeredContracts, quick, withoutKeepAlive } from "./layered-variants.ts";
import { transportContract } from "./transport-contract.ts";

for (const transport of transports) transportContract(transport, { options: quick(transport) });

layeredContracts(withoutKeepAlive, []);
