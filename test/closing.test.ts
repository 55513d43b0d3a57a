import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { transports } from "../transports/index.ts";

const program = fileURLToPath(new URL("fixtures/open-and-close.js", import.meta.url));

const clients = transports.flatMap(({ name, clients }) => clients.map((client) => [name, client]));

it.concurrent.each(clients)(
  "a process that has closed its %s server and %s client ends by itself",
  async (name = "", client = "") => {
    const child = spawn(process.execPath, [program, name, client], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  },
);
