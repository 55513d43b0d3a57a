import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const manual = "https://nghttp2.org/documentation/nghttpx.1.html";
const option = (name: string): string => `${manual}#cmdoption-nghttpx-${name}`;

/** Debian's nghttpx.conf, without the system's log; it would ask who signed the certificate whether that holds. */
const around = (more: string): string => `{{listen}}
backend={{serverHost}},{{serverPort}}
workers=1
no-ocsp=yes
${more}`;

export const nghttpx: Proxy = defineProxy({
  name: "nghttpx",
  debianPackage: "nghttp2-proxy",
  version: { arguments: ["--version"], pattern: "nghttp2/(\\S+)" },
  arguments: ["--conf={{folder}}/nghttpx.conf"],
  file: "nghttpx.conf",
  listen: {
    plain: "frontend={{host}},{{port}};no-tls",
    tls: `frontend={{host}},{{port}}
private-key-file={{key}}
certificate-file={{certificate}}`,
    http2: true,
  },
  reload: { signal: "SIGHUP" },
  configurations: {
    default: {
      about: "Debian's nghttpx.conf, with the server as its backend",
      text: around(""),
      documented: [
        {
          faults: ["cut"],
          says: "backend-read-timeout is 1 minute, and so is frontend-read-timeout; of HTTP/2, 3 minutes",
          source: option("backend-read-timeout"),
        },
        {
          faults: ["reload"],
          says: "the configuration is read by a new worker process, while the main process goes on",
          source: `${manual}#signals`,
        },
      ],
    },
    corrected: {
      about: "the same, with an hour of silence allowed",
      text: around(`backend-read-timeout=1h
frontend-read-timeout=1h
frontend-http2-read-timeout=1h
`),
      changes: [
        {
          setting: "backend-read-timeout=1h",
          cures: ["cut"],
          source: option("backend-read-timeout"),
        },
        {
          setting: "frontend-read-timeout=1h; frontend-http2-read-timeout=1h",
          cures: ["cut"],
          source: option("frontend-read-timeout"),
        },
      ],
    },
  },
});
