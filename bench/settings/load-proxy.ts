import { asError } from "../../transports/protocol-error.ts";
import { usageError } from "../errors/errors.ts";
import { proxyIn } from "../proxies/define-proxy.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { shownPath } from "./adapters.ts";
import { loadConfig } from "./load-config.ts";

/**
 * The proxy that a user's file exports by default. It is plain data, so the file's code is run in a process of its own
 * and never in this one. Throws a `BenchError` that names the file.
 */
export async function loadProxy(path: string): Promise<Proxy> {
  const exported = await loadConfig(path);
  try {
    return proxyIn(exported);
  } catch (error) {
    throw usageError(`${shownPath(path)}: ${asError(error).message}`);
  }
}
