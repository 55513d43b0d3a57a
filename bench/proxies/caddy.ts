import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const directive = "https://caddyserver.com/docs/caddyfile/directives/reverse_proxy";
const options = "https://caddyserver.com/docs/caddyfile/options";

const text = `{
  admin unix/{{folder}}/admin.sock
  auto_https off
}
{{listen}}
  reverse_proxy {{serverHost}}:{{serverPort}}
}
`;

export const caddy: Proxy = defineProxy({
  name: "caddy",
  title: "Caddy",
  debianPackage: "caddy",
  version: { arguments: ["version"], pattern: "v?(\\d\\S*)" },
  arguments: ["run", "--config", "{{folder}}/Caddyfile", "--adapter", "caddyfile"],
  // It keeps its configuration and certificates where these say.
  environment: { HOME: "{{folder}}", XDG_CONFIG_HOME: "{{folder}}", XDG_DATA_HOME: "{{folder}}" },
  file: "Caddyfile",
  listen: {
    plain: `http://:{{port}} {
  bind {{host}}`,
    tls: `https://:{{port}} {
  bind {{host}}
  tls {{certificate}} {{key}}`,
    http2: true,
  },
  // As Debian's unit does. Without --force, a file that hasn't changed isn't read again.
  reload: {
    arguments: ["reload", "--config", "{{folder}}/Caddyfile", "--adapter", "caddyfile", "--force"],
  },
  // SIGTERM waits for connections, for as long as they last.
  endSignal: "SIGQUIT",
  configurations: {
    default: {
      about: "the Caddyfile with the one line that passes requests on",
      text,
      documented: [
        {
          faults: ["refused", "upgrade"],
          says: "WebSocket connections are supported: the upgrade is performed",
          source: `${directive}#streaming`,
        },
        {
          faults: ["buffered"],
          says: "text/event-stream and answers without Content-Length are flushed immediately",
          source: `${directive}#flush_interval`,
        },
        {
          faults: ["cut"],
          says: "there is no timeout for reads and writes; stream_timeout is none",
          source: `${options}#timeouts`,
        },
        {
          faults: ["reload"],
          says: "WebSocket connections are closed when the configuration is read again; requests are waited for",
          source: `${directive}#streaming`,
        },
      ],
    },
    // Nothing that its documentation advises is missing: what keeps WebSockets over a reload (stream_close_delay) came
    // with 2.7, and 2.6 doesn't start with it.
    corrected: {
      about: "the same: its documentation advises no more for streams",
      text,
    },
  },
});
