#!/usr/bin/env node
import { exhausted, leastRoom, shortage } from "./machine/room.ts";

// Loading the program takes descriptors and threads: without enough of them Node ends with a trace, or with a
// core dump and not a word. The build makes this file a CommonJS one, too, which loads without a thread.

const lacking = shortage(leastRoom);
if (lacking === null) import("./commands/program.ts").catch(complain);
else end(lacking);

function complain(error: unknown): void {
  const why = exhausted(error);
  if (why === null) throw error;
  end(why);
}

function end(why: string): void {
  process.stderr.write(`error: ${why}\n`);
  process.exitCode = 2;
}
