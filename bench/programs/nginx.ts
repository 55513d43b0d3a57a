import { rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { firstWords } from "./first-words.ts";
import { frontingOf } from "./program.ts";
import type { Fronting, Program, ProgramPlace } from "./program.ts";

// https://nginx.org/en/docs/http/ngx_http_proxy_module.html, https://nginx.org/en/docs/http/websocket.html

export const nginx: Program = {
  name: "nginx",
  debianPackage: "nginx",

  async argumentsFor({ folder }) {
    // One that was killed leaves it, and the next couldn't listen there.
    await rm(statusSocket(folder), { force: true });
    return ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")];
  },

  filesFor: (place, options) => ({ "nginx.conf": nginxConfiguration(place, frontingOf(options)) }),

  versionAt: ({ folder }) =>
    firstWords({
      path: statusSocket(folder),
      say: "GET / HTTP/1.0\r\n\r\n",
      expects: /^Server: nginx\/(\S+)/m,
    }),
};

/** Where it tells its version: no server behind it is asked, and no port of its own is needed. */
function statusSocket(folder: string): string {
  return join(folder, "status");
}

/** With a worker for each core, as Debian has it. */
export function nginxConfiguration(
  { host, port, folder }: ProgramPlace,
  { servers, reads, connections }: Fronting,
): string {
  if (reads !== "http") throw new Error("nginx without its stream module reads HTTP");
  const { uid, username } = userInfo();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `# Its workers would be of another user, to whom the folder is closed.
${uid === 0 ? `user ${username};` : ""}
daemon off;
worker_processes auto;
pid nginx.pid;
lock_file nginx.lock;
error_log stderr;
events {
  # One to each client, and one to a server; all may be at one worker.
  worker_connections ${2 * connections};
}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${name};`).join("\n")}
  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' '';
  }
  upstream servers {
    # Polls and sessions have to find the server again that knows them: each client has an address of its own.
    ip_hash;
${servers.map((server) => `    server ${server.host}:${server.port} max_fails=1 fail_timeout=1s;`).join("\n")}
    keepalive 64;
    # Sooner than any of them ends a connection that it isn't asked on.
    keepalive_timeout 4s;
  }
  server {
    listen ${host}:${port} backlog=4096;
    # Streams and held polls may be silent for long.
    proxy_read_timeout 24h;
    proxy_send_timeout 24h;
    send_timeout 24h;
    keepalive_timeout 24h;
    keepalive_requests 1000000;
    client_max_body_size 0;
    location / {
      proxy_pass http://servers;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      # What is pushed has to leave at once.
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_connect_timeout 5s;
    }
  }
  server {
    listen unix:${statusSocket(folder)};
    location / {
      return 204;
    }
  }
}
`;
}
