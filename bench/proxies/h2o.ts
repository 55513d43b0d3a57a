import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const manual = "https://h2o.examp1e.net/configure";
const proxying = `${manual}/proxy_directives.html`;

/** Debian's h2o.conf without its user, which nobody but root can change to, and its logs, which are pipes to files. */
const around = (more: string): string => `server-name: "h2o (Debian)"
{{listen}}
${more}hosts:
  default:
    paths:
      /:
        proxy.reverse.url: "http://{{serverHost}}:{{serverPort}}/"
`;

export const h2o: Proxy = defineProxy({
  name: "h2o",
  title: "H2O",
  debianPackage: "h2o",
  version: { arguments: ["--version"], pattern: "version (\\S+)" },
  // A master and its worker, as Debian has it: a worker alone couldn't read its configuration again.
  arguments: ["-m", "master", "-c", "{{folder}}/h2o.conf"],
  file: "h2o.conf",
  listen: {
    plain: `listen:
  host: {{host}}
  port: {{port}}`,
    tls: `listen:
  host: {{host}}
  port: {{port}}
  ssl:
    certificate-file: {{certificate}}
    key-file: {{key}}`,
    http2: true,
  },
  reload: { signal: "SIGHUP" },
  // By SIGTERM, it waits for connections, for as long as they last.
  endSignal: "SIGKILL",
  configurations: {
    default: {
      about: "Debian's h2o.conf, with a path that is passed on",
      text: around(""),
      documented: [
        {
          faults: ["refused", "upgrade"],
          says: "proxy.websocket is OFF, since it is considered experimental",
          source: `${proxying}#proxy.websocket`,
        },
        {
          faults: ["cut"],
          says: "proxy.timeout.io is 30 s",
          source: `${proxying}#proxy.timeout.io`,
        },
        {
          faults: ["cut"],
          says: "http1-request-timeout is 10 s for a request with its body",
          source: `${manual}/http1_directives.html#http1-request-timeout`,
        },
        {
          faults: ["compressed"],
          says: "compress is OFF",
          source: `${manual}/compress_directives.html#compress`,
        },
      ],
    },
    // The head of an answer waits for its first event, and a server isn't told that its client has gone before it writes
    // again: nothing in its documentation changes that.
    corrected: {
      about: "the same, with upgrades passed on, and an hour of silence allowed",
      text: around(`proxy.websocket: ON
proxy.websocket.timeout: 3600000
proxy.timeout.io: 3600000
http1-request-timeout: 3600
`),
      changes: [
        {
          setting: "proxy.websocket: ON",
          cures: ["refused", "upgrade"],
          source: `${proxying}#proxy.websocket`,
        },
        {
          setting: "proxy.timeout.io: 3600000",
          cures: ["cut"],
          source: `${proxying}#proxy.timeout.io`,
        },
        {
          setting: "proxy.websocket.timeout: 3600000",
          cures: ["cut"],
          source: `${proxying}#proxy.websocket.timeout`,
        },
        {
          setting: "http1-request-timeout: 3600",
          cures: ["cut"],
          source: `${manual}/http1_directives.html#http1-request-timeout`,
        },
      ],
    },
  },
});
