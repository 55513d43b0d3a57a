import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { isMissing, procFiles } from "./requirements.ts";

const prove = fileURLToPath(new URL("../dist/bench/prove/main.js", import.meta.url));

// It exits with 1, and names what is wrong, unless each trial says who stood still and for how long.
it.skipIf(isMissing(procFiles))(
  "whoever of a trial's processes is stopped, its timing doesn't count; a target's stop stays in its figures, and counts stay as they are",
  async () => {
    const args = [prove, "stops", "--lengths", "400"];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    for (const who of ["server", "load 1", "canary", "publisher", "director"]) {
      expect(stdout).toMatch(new RegExp(`${who} +│ invalid, [4-9]\\d\\d ms`));
    }
    expect(stdout).toMatch(/target +│ (in)?valid, max [2-9]\d\d ms/);
    for (const who of ["server", "load 1"]) {
      expect(stdout).toMatch(new RegExp(`${who}, counted +│ valid`));
    }
  },
);
