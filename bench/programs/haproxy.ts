import { join } from "node:path";
import { firstWords } from "./first-words.ts";
import { frontingOf } from "./program.ts";
import type { Fronting, Program, ProgramPlace } from "./program.ts";

// https://docs.haproxy.org/2.6/configuration.html

export const haproxy: Program = {
  name: "haproxy",
  debianPackage: "haproxy",

  argumentsFor: ({ folder }) => ["-db", "-f", join(folder, "haproxy.cfg")],

  filesFor: (place, options) => ({
    "haproxy.cfg": haproxyConfiguration(place, frontingOf(options)),
  }),

  versionAt: ({ folder }) =>
    firstWords({
      path: statusSocket(folder),
      say: "show info\n",
      expects: /^Version: (\S+)/m,
    }),

  // https://docs.haproxy.org/2.6/management.html#9.3
  administered: {
    async drain(place, options, servers) {
      for (const index of frontingOf(options).servers.keys()) {
        // In the state `drain` it would go on giving it clients that the table knows, which all are.
        const state = servers.includes(index) ? "maint" : "ready";
        await tell(place, `set server servers/s${index + 1} state ${state}`);
      }
    },

    forget: (place) => tell(place, "clear table servers"),
  },
};

/** Nothing is said where a command was carried out. */
async function tell({ folder }: ProgramPlace, command: string): Promise<void> {
  const path = statusSocket(folder);
  const said = await firstWords({ path, say: `${command}\n`, expects: /^([^]*)\n/ });
  if (said.trim() !== "") throw new Error(`haproxy: ${command}: ${said.trim()}`);
}

/** Where it tells its version, and is administered: no server behind it is asked, and no port of its own is needed. */
function statusSocket(folder: string): string {
  return join(folder, "status");
}

/** With a thread for each core, as it does where nothing is said. */
export function haproxyConfiguration(
  { host, port, folder }: ProgramPlace,
  { servers, reads, connections }: Fronting,
): string {
  const ofHttp = `  # What is pushed has to leave at once.
  option http-no-delay
  # Whoever leaves a poll that is held has left it at the server, too.
  option abortonclose
  timeout http-request 10s
  timeout http-keep-alive 24h
`;
  return `global
  maxconn ${connections}
  stats socket ${statusSocket(folder)} mode 600 level admin
defaults
  mode ${reads === "http" ? "http" : "tcp"}
  maxconn ${connections}
  timeout connect 5s
  # Streams and held polls may be silent for long.
  timeout client 24h
  timeout server 24h
  timeout tunnel 24h
  retries 3
  # To another server, whenever one can't be reached.
  option redispatch 1
${reads === "http" ? ofHttp : ""}listen servers
  bind ${host}:${port} backlog 4096
  balance roundrobin
  # Polls and sessions have to find the server again that knows them: each client has an address of its own.
  stick-table type ip size ${connections} expire 24h
  stick on src
${servers.map((server, index) => `  server s${index + 1} ${server.host}:${server.port}`).join("\n")}
`;
}
