import type { Proxy } from "./proxy.ts";

export function whyNoProxy(_proxy: Proxy): string | null {
  return null;
}
