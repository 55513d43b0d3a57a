import { nowNs } from "../../bench/measure/clock.ts";
import { calibrateBusyWait, pace, steady } from "../../bench/measure/pacer.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import { writeHead } from "./bare-recorder.ts";
import { serveBare } from "./bare-serving.ts";
import type { BareServing } from "./bare-serving.ts";
import type { BareServerVerbs } from "./protocol.ts";

// The server of the bare pair: what a message's way takes that no harness has anything to do with.

interface Running extends BareServing {
  readonly payload: Buffer;
  readonly epochNs: number;
}

let running: Running | undefined;
let cpu = process.cpuUsage();
const waiting = { busyWaitNs: 0 };

function started(): Running {
  if (running === undefined) throw new Error("not started");
  return running;
}

const verbs: BareServerVerbs = {
  async start({ library, identity, payloadBytes, epochNs }) {
    await calibrateBusyWait();
    const serving = await serveBare(library, identity);
    running = { ...serving, payload: Buffer.alloc(payloadBytes, "0"), epochNs };
    return { port: serving.port };
  },

  begin() {
    waiting.busyWaitNs = 0;
    cpu = process.cpuUsage();
  },

  async publish({ ratePerSecond, forMs, firstSequence }) {
    const { payload, epochNs, publish } = started();
    await pace(steady(ratePerSecond, forMs), nowNs(), waiting, (index, dueNs) => {
      // Unmasked frames are not copied, and may wait to be written.
      const message = Buffer.from(payload);
      writeHead(message, firstSequence + index, dueNs - epochNs);
      publish(message, firstSequence + index);
    });
  },

  end() {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1e3 - waiting.busyWaitNs / 1e6 };
  },
};

serveVerbs(verbs);
