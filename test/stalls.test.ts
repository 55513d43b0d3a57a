import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { isMissing, procFiles } from "./requirements.ts";

const prove = fileURLToPath(new URL("../dist/tools/prove/main.js", import.meta.url));

/*
 * `.ci/run` does it to every process of a trial. It exits with 1, and names what is wrong, unless each trial
 * names the process that stalled and says for how long.
 */
it.skipIf(isMissing(procFiles))(
  "a load process that is stopped invalidates timing, and no counts",
  async () => {
    const args = [prove, "stops", "--lengths", "400", "--only", "load 1"];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(/load 1 +│ invalid, \d{3,} ms/);
    expect(stdout).toMatch(/load 1, counted +│ (in)?valid/);
  },
);
