import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const manual = "https://docs.haproxy.org/2.6/configuration.html";
const management = "https://docs.haproxy.org/2.6/management.html";

/** The global section and defaults of Debian's haproxy.cfg. */
const around = (defaults: string): string => `global
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
defaults
  mode http
${defaults}frontend clients
  {{listen}}
  default_backend servers
backend servers
  server server {{serverHost}}:{{serverPort}}
`;

export const haproxy: Proxy = defineProxy({
  name: "haproxy",
  title: "HAProxy",
  debianPackage: "haproxy",
  version: { arguments: ["-v"], pattern: "version (\\d[\\w.]*)" },
  // A master and its worker, as Debian has it: a worker alone couldn't read its configuration again.
  arguments: ["-W", "-db", "-f", "{{folder}}/haproxy.cfg"],
  file: "haproxy.cfg",
  listen: {
    plain: "bind {{host}}:{{port}}",
    tls: "bind {{host}}:{{port}} ssl crt {{certificateAndKey}} alpn h2,http/1.1",
    http2: true,
  },
  reload: { signal: "SIGUSR2" },
  configurations: {
    default: {
      about: "Debian's haproxy.cfg, with a frontend and a backend of one server",
      text: around(`  timeout connect 5000
  timeout client 50000
  timeout server 50000
`),
      documented: [
        {
          faults: ["head", "buffered", "delayed"],
          says: "it waits for enough data to send only full packets; typical delays are around 200 ms",
          source: `${manual}#4.2-option%20http-no-delay`,
        },
        {
          faults: ["cut"],
          says: "timeout client and timeout server, 50 s each in Debian's file, are the longest inactivity; of an upgraded connection, too, where there is no timeout tunnel",
          source: `${manual}#4.2-timeout%20tunnel`,
        },
        {
          faults: ["gone-client"],
          says: "requests whose client has gone are served nevertheless, unless option abortonclose is set",
          source: `${manual}#4.2-option%20abortonclose`,
        },
        {
          faults: ["reload"],
          says: "the old worker goes on with the connections that it has until they close",
          source: `${management}#4`,
        },
      ],
    },
    corrected: {
      about: "the same, without waiting for full packets, and with an hour of silence allowed",
      text: around(`  option http-no-delay
  option abortonclose
  timeout connect 5000
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
`),
      changes: [
        {
          setting: "option http-no-delay",
          cures: ["delayed", "head", "buffered"],
          source: `${manual}#4.2-option%20http-no-delay`,
        },
        {
          setting: "timeout client 1h; timeout server 1h; timeout tunnel 1h",
          cures: ["cut"],
          source: `${manual}#4.2-timeout%20tunnel`,
        },
        {
          setting: "option abortonclose",
          cures: ["gone-client"],
          source: `${manual}#4.2-option%20abortonclose`,
        },
      ],
    },
  },
});
