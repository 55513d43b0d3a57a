import { nowNs } from "../../bench/measure/clock.ts";
import { collectGarbage } from "../../bench/measure/garbage.ts";
import { residentBytes } from "../../bench/machine/kernel.ts";
import { calibrateBusyWait, pace, steady } from "../../bench/measure/pacer.ts";
import { ownChannel, sharedChannel } from "../../bench/processes/protocol.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import { openRecorder, writeHead } from "./bare-recorder.ts";
import type { BareRecorder } from "./bare-recorder.ts";
import { openClient } from "./bare-clients.ts";
import type { BareClient } from "./bare-client.ts";
import type { BareSetting, BareVerbs } from "./protocol.ts";

// A bare load process: what a person would write who needs these figures from this library only.

interface Running extends BareSetting {
  readonly recorder: BareRecorder;
}

const clients: BareClient[] = [];
let running: Running | undefined;
let cpu = process.cpuUsage();
const waiting = { busyWaitNs: 0 };

function started(): Running {
  if (running === undefined) throw new Error("not started");
  return running;
}

const verbs: BareVerbs = {
  async start(parameters) {
    running = { ...parameters, recorder: await openRecorder(parameters.epochNs) };
    await calibrateBusyWait();
  },

  async connect({ clients: wanted, firstClient, channels, nextSequence, concurrency }) {
    const { recorder, ...setting } = started();
    const startNs = nowNs();
    await new Promise<void>((resolve) => {
      let dialled = 0;
      let subscribed = 0;
      const dial = (): void => {
        const number = firstClient + dialled;
        dialled += 1;
        const channel = channels === "shared" ? sharedChannel : ownChannel(number);
        clients.push(openClient(setting, { channel, number, next: nextSequence, recorder, ready }));
      };
      const ready = (): void => {
        subscribed += 1;
        if (dialled < wanted) dial();
        else if (subscribed === wanted) resolve();
      };
      for (let index = 0; index < Math.min(concurrency, wanted); index += 1) dial();
    });
    return { durationMs: (nowNs() - startNs) / 1e6 };
  },

  begin() {
    started().recorder.begin();
    waiting.busyWaitNs = 0;
    cpu = process.cpuUsage();
  },

  /*
   * With the harness's own pacer: it is what makes the rate, not what handles messages, and time that it
   * waits is reported and left out in the same way on both sides.
   */
  async send({ ratePerSecond, forMs, firstSequence }) {
    const { payloadBytes, epochNs } = started();
    const schedule = steady(ratePerSecond * clients.length, forMs);
    // `ws` copies what it masks, so one buffer does for all.
    const payload = Buffer.alloc(payloadBytes, "0");
    await pace(schedule, nowNs(), waiting, (index, dueNs) => {
      const round = Math.floor(index / clients.length);
      writeHead(payload, firstSequence + round, dueNs - epochNs);
      clients[index % clients.length]?.send?.(payload);
    });
  },

  end() {
    const { user, system } = process.cpuUsage(cpu);
    const { arrived, wrong } = started().recorder;
    return { arrived, wrong, cpuMs: (user + system) / 1e3 - waiting.busyWaitNs / 1e6 };
  },

  latency: () => started().recorder.medianNs(),

  async disconnect() {
    await Promise.all(
      clients.splice(0).map(async ({ socket, close }) => {
        const closed = new Promise((resolve) => socket.once("close", resolve));
        // With a reset, for the reason given in `measure/dialler.ts`.
        socket.resetAndDestroy();
        close?.();
        await closed;
      }),
    );
  },

  async memory() {
    await collectGarbage();
    const bytes = residentBytes();
    if (bytes === null) throw new Error("this system doesn't report resident memory");
    return bytes;
  },
};

serveVerbs(verbs);
