import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";
import { inItsFolder, squid } from "./squid.ts";

const manual = "https://www.squid-cache.org/Doc/config";

/** What Debian's squid.conf says of who may ask for what, with more ports that tunnels may lead to. */
const around = (ports: string, more: string): string => `acl SSL_ports port 443
${ports}acl Safe_ports port 80
acl Safe_ports port 21
acl Safe_ports port 443
acl Safe_ports port 70
acl Safe_ports port 210
acl Safe_ports port 1025-65535
acl Safe_ports port 280
acl Safe_ports port 488
acl Safe_ports port 591
acl Safe_ports port 777
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access allow localhost manager
http_access deny manager
http_access allow localhost
http_access deny all
{{listen}}
${inItsFolder}${more}`;

const silence = {
  faults: ["cut"],
  says: "read_timeout is 15 minutes between two reads from the server",
  source: `${manual}/read_timeout/`,
} as const;

const port = {
  setting: "acl SSL_ports port {{serverPort}}",
  cures: ["refused"],
  source: `${manual}/http_access/`,
} as const;

const configurations: Proxy["configurations"] = {
  default: {
    about: "Debian's squid.conf, which lets this machine's clients in",
    text: around("", ""),
    documented: [
      {
        faults: ["refused"],
        says: "CONNECT is denied to other ports than 443: http_access deny CONNECT !SSL_ports",
        source: `${manual}/http_access/`,
      },
      silence,
    ],
  },
  corrected: {
    about:
      "the same, with tunnels to the server's port, and fetching ended when the client has gone",
    text: around(
      `${port.setting}\n`,
      `read_timeout 1 hour
quick_abort_min 0 KB
quick_abort_max 0 KB
cache deny all
`,
    ),
    changes: [
      port,
      { setting: "read_timeout 1 hour", cures: ["cut"], source: `${manual}/read_timeout/` },
      {
        setting: "quick_abort_min 0 KB; quick_abort_max 0 KB",
        cures: ["gone-client"],
        source: `${manual}/quick_abort_min/`,
      },
      { setting: "cache deny all", cures: ["buffered"], source: `${manual}/cache/` },
    ],
  },
};

const listen = { plain: "http_port {{host}}:{{port}}", tls: null, http2: false };

/** A company's proxy, as browsers use it that are told of it. */
export const squidForward: Proxy = defineProxy({
  ...squid,
  name: "squid-forward",
  command: "squid",
  title: "Squid as a forward proxy",
  kind: "forward",
  listen,
  configurations,
});

/** The same, asked for a tunnel also by those who need none. */
export const squidConnect: Proxy = defineProxy({
  ...squidForward,
  name: "squid-connect",
  title: "Squid by CONNECT",
  kind: "tunnel",
});
