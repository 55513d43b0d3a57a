import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const manual = "https://httpd.apache.org/docs/2.4";

const modules = [
  "mpm_event",
  "authz_core",
  "filter",
  "deflate",
  "reqtimeout",
  "proxy",
  "proxy_http",
];

const loaded = (names: readonly string[]): string =>
  names
    .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`)
    .join("");

/**
 * Debian's apache2.conf with those of the modules it enables that touch traffic. Its workers need no file, so they are of
 * a user that owns none.
 */
const around = (limits: string): string => `ServerRoot {{folder}}
DefaultRuntimeDir {{folder}}
PidFile {{folder}}/apache.pid
ErrorLog "|/bin/cat"
LogLevel warn
ServerName localhost
${loaded(modules)}User #65534
Group #65534
StartServers 2
MinSpareThreads 25
MaxSpareThreads 75
ThreadLimit 64
ThreadsPerChild 25
MaxRequestWorkers 150
MaxConnectionsPerChild 0
KeepAlive On
MaxKeepAliveRequests 100
KeepAliveTimeout 5
ServerTokens OS
TraceEnable Off
{{listen}}
${limits}`;

export const apache: Proxy = defineProxy({
  name: "apache",
  title: "Apache",
  command: "apache2",
  debianPackage: "apache2",
  version: { arguments: ["-v"], pattern: "Apache/(\\S+)" },
  arguments: ["-D", "FOREGROUND", "-f", "{{folder}}/apache2.conf"],
  file: "apache2.conf",
  listen: {
    plain: "Listen {{host}}:{{port}}",
    tls: `${loaded(["ssl", "http2"])}Listen {{host}}:{{port}}
Protocols h2 http/1.1
SSLEngine On
SSLProtocol all -SSLv3
SSLCipherSuite HIGH:!aNULL
SSLSessionTickets off
SSLCertificateFile {{certificate}}
SSLCertificateKeyFile {{key}}`,
    http2: true,
  },
  // What apachectl graceful sends.
  reload: { signal: "SIGUSR1" },
  // By SIGTERM, it waits for those of its children that are still ending.
  endSignal: "SIGKILL",
  configurations: {
    default: {
      about: "Debian's apache2.conf and modules, with a ProxyPass",
      text: around(`Timeout 300
AddOutputFilterByType DEFLATE text/html text/plain text/xml text/css text/javascript
AddOutputFilterByType DEFLATE application/x-javascript application/javascript application/ecmascript
AddOutputFilterByType DEFLATE application/rss+xml
AddOutputFilterByType DEFLATE application/wasm
AddOutputFilterByType DEFLATE application/xml
RequestReadTimeout header=20-40,minrate=500
RequestReadTimeout body=10,minrate=500
ProxyPass / http://{{serverHost}}:{{serverPort}}/
`),
      documented: [
        {
          faults: ["refused", "upgrade"],
          says: "an upgrade is passed on only if ProxyPass has the parameter upgrade",
          source: `${manual}/mod/mod_proxy.html#protoupgrade`,
        },
        {
          faults: ["buffered"],
          says: "flushpackets is off, and is in effect for other protocols than HTTP only",
          source: `${manual}/mod/mod_proxy.html#proxypass`,
        },
        {
          faults: ["compressed"],
          says: "DEFLATE is for texts, not for text/event-stream, and for clients that accept it",
          source: `${manual}/mod/mod_deflate.html`,
        },
        {
          faults: ["cut"],
          says: "Timeout, 300 s in Debian's file, is how long the server may be silent where ProxyTimeout isn't set",
          source: `${manual}/mod/core.html#timeout`,
        },
        {
          faults: ["cut"],
          says: "a request's body has to be whole within 10 s in Debian's file, and 1 s more for each 500 bytes",
          source: `${manual}/mod/mod_reqtimeout.html`,
        },
        {
          faults: ["reload"],
          says: "children exit after their current request",
          source: `${manual}/stopping.html#graceful`,
        },
      ],
    },
    // A server isn't told that its client has gone before it writes again: nothing in its documentation changes that.
    corrected: {
      about:
        "the same, with upgrades passed on, an hour of silence allowed, and nothing compressed",
      text: around(`Timeout 3600
RequestReadTimeout header=20-40,minrate=500 body=0
ProxyPass / http://{{serverHost}}:{{serverPort}}/ upgrade=websocket timeout=3600
`),
      changes: [
        {
          setting: "ProxyPass … upgrade=websocket",
          cures: ["refused", "upgrade"],
          source: `${manual}/mod/mod_proxy.html#protoupgrade`,
        },
        {
          setting: "Timeout 3600; ProxyPass … timeout=3600",
          cures: ["cut"],
          source: `${manual}/mod/core.html#timeout`,
        },
        {
          setting: "RequestReadTimeout body=0",
          cures: ["cut"],
          source: `${manual}/mod/mod_reqtimeout.html`,
        },
        {
          setting: "no AddOutputFilterByType DEFLATE",
          cures: ["compressed", "buffered"],
          source: `${manual}/mod/mod_deflate.html`,
        },
      ],
    },
  },
});
