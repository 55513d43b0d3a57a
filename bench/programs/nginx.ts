import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ownName } from "../machine/own-name.ts";
import { firstWords } from "./first-words.ts";
import { frontingOf } from "./program.ts";
import type { Fronting, Program, ProgramOptions, ProgramPlace, Signal } from "./program.ts";

// https://nginx.org/en/docs/http/ngx_http_proxy_module.html, https://nginx.org/en/docs/http/websocket.html

export const nginx: Program = {
  name: "nginx",
  debianPackage: "nginx",

  async argumentsFor({ folder }) {
    // One that was killed leaves it, and the next couldn't listen there.
    await rm(statusSocket(folder), { force: true });
    return ["-p", folder, "-e", "stderr", "-c", join(folder, configurationFile)];
  },

  filesFor: (place, options) => ({
    [configurationFile]: nginxConfiguration(place, frontingOf(options)),
  }),

  versionAt: ({ folder }) =>
    firstWords({
      path: statusSocket(folder),
      say: question,
      expects: /^Server: nginx\/(\S+)/m,
    }),

  // https://nginx.org/en/docs/control.html
  administered: {
    drain: reconfigured,
    // Clients are with servers by their addresses; but it knows which servers it couldn't reach just now.
    forget: (place, options, signal) => reconfigured(place, options, [], signal),
  },
};

const configurationFile = "nginx.conf";

/** The workers before take connections for 100 ms yet, while the new ones do. */
const bothMs = 150;
const lookAgainMs = 5;

/** Resolves when none but workers answer that have read it. */
async function reconfigured(
  place: ProgramPlace,
  options: ProgramOptions,
  drained: readonly number[],
  signal: Signal,
): Promise<void> {
  const mark = randomUUID();
  const text = nginxConfiguration(place, frontingOf(options), { drained, mark });
  await writeFile(join(place.folder, configurationFile), text);
  signal("SIGHUP");
  const path = statusSocket(place.folder);
  for (let sinceMs = performance.now(); performance.now() - sinceMs < bothMs;) {
    const known = await firstWords({ path, say: question, expects: /^X-Mark: (\S+)\r$/m });
    if (known !== mark) sinceMs = performance.now();
    await setTimeout(lookAgainMs);
  }
}

const question = "GET / HTTP/1.0\r\n\r\n";

/** Where it tells its version: no server behind it is asked, and no port of its own is needed. */
function statusSocket(folder: string): string {
  return join(folder, "status");
}

/** What an administrator changes in it. */
interface Changed {
  /** Servers that get no connections and requests, counted from 0. */
  readonly drained: readonly number[];
  /** By which those are told that have read it. */
  readonly mark: string;
}

/** With a worker for each core, as Debian has it. */
export function nginxConfiguration(
  { host, port, folder }: ProgramPlace,
  { servers, reads, connections }: Fronting,
  { drained, mark }: Changed = { drained: [], mark: "first" },
): string {
  const serverLine = ({ host, port }: Fronting["servers"][number], index: number): string =>
    `    server ${host}:${port} max_fails=1 fail_timeout=1s${drained.includes(index) ? " down" : ""};`;
  if (reads !== "http") throw new Error("nginx without its stream module reads HTTP");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `# Its workers would be of another user, to whom the folder is closed.
${process.getuid?.() === 0 ? `user ${ownName()};` : ""}
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
${servers.map(serverLine).join("\n")}
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
      add_header X-Mark ${mark};
      return 204;
    }
  }
}
`;
}
