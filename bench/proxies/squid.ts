import { defineProxy } from "./define-proxy.ts";
import type { Proxy } from "./proxy.ts";

const manual = "https://www.squid-cache.org/Doc/config";

/** What Debian's squid.conf says of what is stored, whatever it is for; and with all that it writes in its folder. */
export const inItsFolder = `refresh_pattern ^ftp: 1440 20% 10080
refresh_pattern ^gopher: 1440 0% 1440
refresh_pattern -i (/cgi-bin/|\\?) 0 0% 0
refresh_pattern . 0 20% 4320
pid_filename {{folder}}/squid.pid
coredump_dir none
cache_log /dev/null
access_log none
pinger_enable off
shutdown_lifetime 0 seconds
`;

/** Debian's squid.conf as an accelerator, whose rules let anybody in who asks for this site. */
const around = (more: string): string => `{{listen}}
cache_peer {{serverHost}} parent {{serverPort}} 0 no-query no-digest originserver name=server
http_access allow all
${inItsFolder}${more}`;

export const squid: Proxy = defineProxy({
  name: "squid",
  title: "Squid",
  debianPackage: "squid",
  version: { arguments: ["-v"], pattern: "Version (\\S+)" },
  // One process. It has shared memory nevertheless, under the name of a service, which no other one may have.
  arguments: ["-N", "-n", "bench{{port}}", "-d", "1", "-f", "{{folder}}/squid.conf"],
  leaves: ["metadata", "queues", "readers"].map((part) => `/dev/shm/bench{{port}}-cf__${part}.shm`),
  file: "squid.conf",
  listen: {
    plain: "http_port {{host}}:{{port}} accel defaultsite=localhost no-vhost",
    tls: "https_port {{host}}:{{port}} accel defaultsite=localhost no-vhost tls-cert={{certificate}} tls-key={{key}}",
    http2: false,
  },
  reload: { signal: "SIGHUP" },
  // By any other one, it takes a second even without clients.
  endSignal: "SIGKILL",
  configurations: {
    default: {
      about: "Debian's squid.conf as an accelerator of one server",
      text: around(""),
      documented: [
        {
          faults: ["refused", "upgrade"],
          says: "no protocol is upgraded to that http_upgrade_request_protocols doesn't allow",
          source: `${manual}/http_upgrade_request_protocols/`,
        },
        {
          faults: ["cut"],
          says: "read_timeout is 15 minutes between two reads from the server",
          source: `${manual}/read_timeout/`,
        },
        {
          faults: ["gone-client"],
          says: "only what is almost complete, with less than 16 KB to come, is fetched though its client has gone",
          source: `${manual}/quick_abort_min/`,
        },
      ],
    },
    corrected: {
      about: "the same, with upgrades passed on, and fetching ended when the client has gone",
      text: around(`http_upgrade_request_protocols websocket allow all
read_timeout 1 hour
quick_abort_min 0 KB
quick_abort_max 0 KB
cache deny all
`),
      changes: [
        {
          setting: "http_upgrade_request_protocols websocket allow all",
          cures: ["refused", "upgrade"],
          source: `${manual}/http_upgrade_request_protocols/`,
        },
        {
          setting: "read_timeout 1 hour",
          cures: ["cut"],
          source: `${manual}/read_timeout/`,
        },
        {
          setting: "quick_abort_min 0 KB; quick_abort_max 0 KB",
          cures: ["gone-client"],
          source: `${manual}/quick_abort_min/`,
        },
        {
          setting: "cache deny all",
          cures: ["buffered"],
          source: `${manual}/cache/`,
        },
      ],
    },
  },
});
