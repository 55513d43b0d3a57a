import { fileURLToPath } from "node:url";
import { packageModule } from "../files/package-files.ts";

/** The modules that adapters and proxies import, by their names in this package's `exports`. */
const api = {
  "transport-bench/transport": "transports/adapter",
  "transport-bench/scenario": "scenarios/scenario",
  "transport-bench/proxy": "bench/proxies/define-proxy",
  "transport-bench/contract": "bench/conformance/contract",
} as const;

/**
 * Where jiti finds them: in the harness that loads the adapter, so that an adapter works in a folder in which nothing
 * is installed, and never with another version than it is measured by.
 */
export function apiAliases(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(api).map(([name, module]) => [name, fileURLToPath(packageModule(module))]),
  );
}
