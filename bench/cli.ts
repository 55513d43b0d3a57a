#!/usr/bin/env node
import { exhaustedResource, programNeeds, resourceShortage } from "./machine/resource-limits.ts";

// Loading the program takes descriptors and threads: without enough of them Node ends with a trace, or with a
// core dump and not a word. The build makes this file a CommonJS one, too, which loads without a thread.

const lacking = resourceShortage(programNeeds);
if (lacking === null) import("./commands/program.ts").catch(printError);
else end(lacking);

function printError(error: unknown): void {
  const why = exhaustedResource(error);
  if (why === null) throw error;
  end(why);
}

function end(why: string): void {
  process.stderr.write(`error: ${why}\n`);
  process.exitCode = 2;
}
