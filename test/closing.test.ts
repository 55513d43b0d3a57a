import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { transports } from "../transports/index.ts";

const program = fileURLToPath(new URL("fixtures/open-and-close.js", import.meta.url));

it.concurrent.each(transports)(
  "a process that has closed its servers and clients of $name ends by itself",
  async ({ name }) => {
    const child = spawn(process.execPath, [program, name], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  },
);
