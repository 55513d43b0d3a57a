import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { firstWords } from "./first-words.ts";
import type { Program } from "./program.ts";

// https://docs.nats.io/running-a-nats-service/introduction/flags

/** More than the largest message and its head. By default it takes 1 MiB, and no flag says otherwise. */
const maxPayloadBytes = 16 * 1024 * 1024;

export const natsServer: Program = {
  name: "nats-server",
  debianPackage: "nats-server",

  async argumentsFor({ host, port, folder }) {
    const file = join(folder, "nats.conf");
    await writeFile(file, `max_payload: ${maxPayloadBytes}\n`);
    return ["--config", file, "--addr", host, "--port", String(port)];
  },

  // Its first words are what it is: https://docs.nats.io/reference/reference-protocols/nats-protocol#info
  versionAt: ({ host, port }) =>
    firstWords({ host, port, say: "", expects: /^INFO \{.*"version":"([^"]+)".*\}\s*\r\n/ }),
};
