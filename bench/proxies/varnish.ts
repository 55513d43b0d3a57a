import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const manual = "https://varnish-cache.org/docs/7.1";
const parameters = `${manual}/reference/varnishd.html`;

const backend = (timeouts: string): string => `vcl 4.1;

backend default {
    .host = "{{serverHost}}";
    .port = "{{serverPort}}";
${timeouts}}
`;

export const varnish: Proxy = defineProxy({
  name: "varnish",
  title: "Varnish",
  command: "varnishd",
  debianPackage: "varnish",
  version: { arguments: ["-V"], pattern: "varnish-(\\S+)" },
  // As in Debian's unit, but for its users, to whom the folder would be closed, and a log that nobody reads.
  arguments: [
    "-F",
    "-j",
    "none",
    "-n",
    "{{folder}}/work",
    "-a",
    "{{listen}}",
    "-f",
    "{{folder}}/default.vcl",
    "-s",
    "malloc,256m",
    "-p",
    "vsl_space=1M",
  ],
  file: "default.vcl",
  listen: { plain: "{{host}}:{{port}}", tls: null, http2: false },
  // What Debian's varnishreload does; each configuration has to have a name of its own.
  reload: {
    command: "sh",
    arguments: [
      "-c",
      'varnishadm -n "$1/work" vcl.load "reload$$" "$1/default.vcl" && varnishadm -n "$1/work" vcl.use "reload$$"',
      "sh",
      "{{folder}}",
    ],
  },
  configurations: {
    default: {
      about: "Debian's default.vcl, with the server as its backend",
      text: backend(""),
      documented: [
        {
          faults: ["refused", "upgrade"],
          says: "to run WebSockets through it, requests have to be piped, with Upgrade and Connection copied",
          source: `${manual}/users-guide/vcl-example-websockets.html`,
        },
        {
          faults: ["buffered"],
          says: "requests for the same object wait for the answer to the first of them, and answers may be cached",
          source: `${manual}/users-guide/increasing-your-hitrate.html#uncacheable-content`,
        },
        {
          faults: ["cut"],
          says: "first_byte_timeout and between_bytes_timeout are 60 s each",
          source: `${parameters}#between-bytes-timeout`,
        },
      ],
    },
    // Of what is passed, such as a long poll, the server isn't told that its client has gone before it writes again.
    corrected: {
      about:
        "the same, with WebSockets and event streams piped, polls passed, and an hour of silence allowed",
      text: `${backend(`    .first_byte_timeout = 1h;
    .between_bytes_timeout = 1h;
`)}
sub vcl_recv {
    if (req.http.upgrade ~ "(?i)websocket" || req.http.accept ~ "text/event-stream") {
        return (pipe);
    }
    return (pass);
}

sub vcl_pipe {
    if (req.http.upgrade) {
        set bereq.http.upgrade = req.http.upgrade;
        set bereq.http.connection = req.http.connection;
    }
}
`,
      // The first is said of requests' heads only, and ends their bodies, too.
      arguments: ["-p", "timeout_idle=3600", "-p", "pipe_timeout=3600"],
      changes: [
        {
          setting: "return (pipe) for WebSocket, with Upgrade and Connection copied",
          cures: ["refused", "upgrade"],
          source: `${manual}/users-guide/vcl-example-websockets.html`,
        },
        {
          setting: "return (pipe) for text/event-stream",
          cures: ["gone-client", "buffered"],
          source: `${manual}/users-guide/vcl-built-in-subs.html#vcl-pipe`,
        },
        {
          setting: "return (pass) for the rest",
          cures: ["buffered"],
          source: `${manual}/users-guide/vcl-built-in-subs.html#vcl-pass`,
        },
        {
          setting: ".first_byte_timeout = 1h; .between_bytes_timeout = 1h",
          cures: ["cut"],
          source: `${parameters}#between-bytes-timeout`,
        },
        {
          setting: "-p timeout_idle=3600",
          cures: ["cut"],
          source: `${parameters}#timeout-idle`,
        },
        {
          setting: "-p pipe_timeout=3600",
          cures: ["cut"],
          source: `${parameters}#pipe-timeout`,
        },
      ],
    },
  },
});
