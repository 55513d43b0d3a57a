import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const proxying = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html";
const core = "https://nginx.org/en/docs/http/ngx_http_core_module.html";
const webSocket = "https://nginx.org/en/docs/http/websocket.html";
const control = "https://nginx.org/en/docs/control.html";

/** Debian's nginx.conf, all that it writes in its own folder. */
const around = (location: string, map = ""): string => `user {{user}};
worker_processes auto;
pid nginx.pid;
lock_file nginx.lock;
error_log stderr;
daemon off;
events {
  worker_connections 768;
}
http {
  client_body_temp_path client_body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  access_log off;
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  default_type application/octet-stream;
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers on;
  gzip on;
${map}  server {
    {{listen}}
    location / {
      proxy_pass http://{{serverHost}}:{{serverPort}};
${location}    }
  }
}
`;

export const nginx: Proxy = defineProxy({
  name: "nginx",
  debianPackage: "nginx",
  version: { arguments: ["-v"], pattern: "nginx/(\\S+)" },
  arguments: ["-p", "{{folder}}", "-e", "stderr", "-c", "{{folder}}/nginx.conf"],
  file: "nginx.conf",
  listen: {
    plain: "listen {{host}}:{{port}};",
    tls: `listen {{host}}:{{port}} ssl http2;
    ssl_certificate {{certificate}};
    ssl_certificate_key {{key}};`,
    http2: true,
  },
  reload: { signal: "SIGHUP" },
  configurations: {
    default: {
      about: "Debian's nginx.conf, with a location that passes requests on",
      text: around(""),
      documented: [
        {
          faults: ["refused", "upgrade"],
          says: "Upgrade and Connection are not passed on unless they are set explicitly",
          source: webSocket,
        },
        {
          faults: ["buffered"],
          says: "proxy_buffering is on: answers are read into 8 buffers of a page (4 or 8 KiB) each",
          source: `${proxying}#proxy_buffering`,
        },
        {
          faults: ["cut"],
          says: "proxy_read_timeout is 60s between two reads from the server; the connection is closed then",
          source: `${proxying}#proxy_read_timeout`,
        },
        {
          faults: ["gone-client"],
          says: "proxy_ignore_client_abort is off: its connection is closed when the client closes its own",
          source: `${proxying}#proxy_ignore_client_abort`,
        },
        {
          faults: ["reload"],
          says: "old workers serve their clients until these have gone",
          source: `${control}#reconfiguration`,
        },
      ],
    },
    corrected: {
      about: "the same, with upgrades passed on, nothing buffered, and an hour of silence allowed",
      text: around(
        `      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      client_body_timeout 1h;
      client_max_body_size 0;
`,
        `  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' close;
  }
`,
      ),
      changes: [
        {
          setting: "proxy_http_version 1.1; proxy_set_header Upgrade and Connection",
          cures: ["refused", "upgrade"],
          source: webSocket,
        },
        {
          setting: "proxy_buffering off",
          cures: ["head", "buffered", "delayed"],
          source: `${proxying}#proxy_buffering`,
        },
        {
          // Of what clients send, which no trial looks at.
          setting: "proxy_request_buffering off",
          cures: [],
          source: `${proxying}#proxy_request_buffering`,
        },
        {
          setting: "proxy_read_timeout 1h; proxy_send_timeout 1h",
          cures: ["cut"],
          source: `${proxying}#proxy_read_timeout`,
        },
        {
          setting: "client_body_timeout 1h",
          cures: ["cut"],
          source: `${core}#client_body_timeout`,
        },
        {
          setting: "client_max_body_size 0",
          cures: [],
          source: `${core}#client_max_body_size`,
        },
      ],
    },
  },
});
