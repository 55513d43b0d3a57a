import { firstWords } from "./first-words.ts";
import type { Program } from "./program.ts";

// https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/

export const redisServer: Program = {
  name: "redis-server",
  debianPackage: "redis-server",

  argumentsFor({ host, port, folder }, { outlives = false }) {
    const settings = {
      bind: host,
      // Servers of other machines have no password; it listens on the one address only.
      "protected-mode": "no",
      port: String(port),
      dir: folder,
      daemonize: "no",
      loglevel: "warning",
      // No snapshots. A log of commands is written before they are answered, so that it holds whatever was answered.
      save: "",
      appendonly: outlives ? "yes" : "no",
    };
    return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  },

  // Until it has read what it kept, it answers with an error.
  versionAt: ({ host, port }) =>
    firstWords({ host, port, say: "INFO server\r\n", expects: /^redis_version:([^\r]+)\r/m }),
};
