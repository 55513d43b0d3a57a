import { programNamed } from "../programs/index.ts";
import { proxyProgram } from "../programs/proxy-program.ts";
import { RunningProgram } from "../programs/running-program.ts";
import type { ProgramVerbs } from "./protocol.ts";
import { leave, serveVerbs } from "./serve-verbs.ts";
import { setTimeout } from "node:timers/promises";

// A process that runs a program that others wrote: it starts, watches and ends it, and reads what it uses.

let program: RunningProgram | undefined;
let isEnding = false;

function running(): RunningProgram {
  if (program === undefined) throw new Error("not started");
  return program;
}

/** Ends this process when the program has ended: nothing is left to do. */
async function watch(started: RunningProgram): Promise<void> {
  const { reason, output } = await started.ended;
  await end();
  process.stderr.write(output);
  await leave(reason);
}

async function end(): Promise<void> {
  isEnding = true;
  await program?.[Symbol.asyncDispose]();
}

const verbs: ProgramVerbs = {
  async start({ as, ...which }) {
    const found =
      "name" in which ? programNamed(which.name) : proxyProgram(which.proxy, which.configuration);
    const started = await RunningProgram.start(found, as, which);
    program = started;
    // The director may have gone meanwhile.
    if (isEnding) await end();
    void watch(started);
    const { place, version, files } = started;
    return { host: place.host, port: place.port, version: `${found.name} ${version}`, files };
  },

  reload: async () => await running().reload(),

  begin: () => running().begin(),
  end: () => running().end(),

  async fail({ afterMs, forMs }) {
    await setTimeout(afterMs);
    await running().fail(forMs);
  },

  drain: ({ servers }) => running().drain(servers),
  forget: () => running().forget(),
};

process.on("SIGTERM", () => void end().finally(() => process.exit(1)));

serveVerbs(verbs, end);
