import { join } from "node:path";
import { firstWords } from "./first-words.ts";
import type { Program } from "./program.ts";

// https://docs.nats.io/running-a-nats-service/introduction/flags

/** More than the largest message and its head. By default it takes 1 MiB, and no flag says otherwise. */
const maxPayloadBytes = 16 * 1024 * 1024;

export const natsServer: Program = {
  name: "nats-server",
  debianPackage: "nats-server",

  argumentsFor: ({ host, port, folder }) => [
    `--config=${join(folder, "nats.conf")}`,
    `--addr=${host}`,
    `--port=${port}`,
  ],

  filesFor: () => ({ "nats.conf": `max_payload: ${maxPayloadBytes}\n` }),

  // Its first words are what it is: https://docs.nats.io/reference/reference-protocols/nats-protocol#info
  versionAt: ({ host, port }) =>
    firstWords({ host, port, say: "", expects: /^INFO \{.*"version":"([^"]+)".*\}\s*\r\n/ }),
};
