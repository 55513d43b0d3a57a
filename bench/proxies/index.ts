import { caddy } from "./caddy.ts";
import { haproxy } from "./haproxy.ts";
import { nginx } from "./nginx.ts";
import type { Proxy } from "./proxy.ts";

/** Every proxy that is built in. */
export const proxies: readonly Proxy[] = [nginx, haproxy, caddy];
