import { apache } from "./apache.ts";
import { caddy } from "./caddy.ts";
import { h2o } from "./h2o.ts";
import { haproxy } from "./haproxy.ts";
import { nghttpx } from "./nghttpx.ts";
import { nginx } from "./nginx.ts";
import type { Proxy } from "./proxy.ts";
import { squid } from "./squid.ts";
import { squidConnect, squidForward } from "./squid-forward.ts";
import { varnish } from "./varnish.ts";

/** Every proxy that is built in. */
export const proxies: readonly Proxy[] = [
  nginx,
  haproxy,
  caddy,
  apache,
  varnish,
  squid,
  squidForward,
  squidConnect,
  nghttpx,
  h2o,
];
