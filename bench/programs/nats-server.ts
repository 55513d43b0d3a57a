import { firstWords } from "./first-words.ts";
import type { Program } from "./program.ts";

// https://docs.nats.io/running-a-nats-service/introduction/flags

export const natsServer: Program = {
  name: "nats-server",
  debianPackage: "nats-server",
  argumentsFor: ({ host, port }) => ["--addr", host, "--port", String(port)],
  // Its first words are what it is: https://docs.nats.io/reference/reference-protocols/nats-protocol#info
  versionAt: ({ host, port }) =>
    firstWords({ host, port, say: "", expects: /^INFO \{.*"version":"([^"]+)".*\}\s*\r\n/ }),
};
