import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { BatchingServer } from "../layers/batch.ts";
import { nowNs } from "../measure/clock.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import { kernelSocketBytes } from "../machine/kernel.ts";
import { collectGarbage } from "../measure/garbage.ts";
import { CountedListener } from "../measure/listener.ts";
import { MemoryCourse } from "../measure/memory-course.ts";
import { messagesFor } from "../payloads/messages.ts";
import type { Messages } from "../payloads/message.ts";
import { calibrateBusyWait } from "../measure/pacer.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { diffTotals } from "../measure/wire-ledger.ts";
import type { WireTotals } from "../measure/wire-ledger.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { isHttp2 } from "../../transports/layers.ts";
import type { TransportServer } from "../../transports/transport.ts";
import { faultIn } from "../settings/fault.ts";
import { trialVariant } from "./adapter-errors.ts";
import { clock, descriptors, memory } from "./process-state.ts";
import { sharedChannel } from "./protocol.ts";
import type { ServerVerbs } from "./protocol.ts";
import { sendOnSchedule } from "./sending.ts";
import { serveVerbs } from "./serve-verbs.ts";
import { ServerFaults } from "./server-faults.ts";

// The server process: a transport's server end, the publisher, and the count of bytes.

/** The state that `start` sets up and every other verb needs. */
interface ServerState {
  readonly listener: CountedListener;
  readonly delivery: BoundTransport["delivery"];
  readonly server: TransportServer;
  readonly envelope: Messages;
  readonly epochNs: number;
}

const meter = new ResourceMeter("server");
const faults = new ServerFaults(faultIn(process.env));
let state: ServerState | undefined;
let before: WireTotals | undefined;
/** Of the server's memory, in the phases of scenarios that ask for it. */
let course: MemoryCourse | undefined;
/** Messages published on the channel that all clients share. */
let published = 0;

function runningState(): ServerState {
  if (state === undefined) throw new Error("not started");
  return state;
}

const verbs: ServerVerbs = {
  async start({ variant, epochNs, addresses, identity, ...parameters }) {
    initWebAssemblySync();
    const { bound } = await trialVariant(variant);
    const envelope = await messagesFor(parameters, bound);
    const { payloadBytes, areOfOneSize, escapes, binary } = envelope;
    await bound.prepareToServe();
    const listener = await CountedListener.open(addresses, {
      identity,
      isHttp2: isHttp2(bound.layers),
    });
    listener.binary = binary;
    const server = bound.serve(listener, {
      // What comes up on a channel goes back down on it.
      message: (channel, payload) => server.publish(channel, payload),
    });
    faults.mount(server, listener.http);
    state = { listener, delivery: bound.delivery, server, envelope, epochNs };
    await calibrateBusyWait();
    return { port: listener.port, carried: { payloadBytes, areOfOneSize, escapes } };
  },

  async begin({ measured, memoryStepMs }) {
    await runningState().listener.settled();
    faults.begin(measured);
    const { listener, server } = runningState();
    before = listener.totals();
    if (server instanceof BatchingServer) server.takeGroups(sharedChannel);
    if (memoryStepMs !== undefined) await collectGarbage();
    meter.begin();
    if (memoryStepMs !== undefined) course = new MemoryCourse(memoryStepMs);
  },

  async publish(sending) {
    const { server, envelope, epochNs } = runningState();
    using lateness = new DurationHistogram(true);
    const send = (index: number, dueNs: number): void => {
      const sentNs = nowNs();
      lateness.record(sentNs - dueNs);
      published += 1;
      server.publish(
        sharedChannel,
        envelope.write(sending.firstSequence + index, dueNs - epochNs, sentNs - epochNs),
      );
    };
    const room = (): Promise<void> | null => server.room?.(sharedChannel) ?? null;
    const sent = await sendOnSchedule(sending, 1, meter, lateness, faults.sending(send), room);
    // What is still gathered belongs to this phase, too.
    if (server instanceof BatchingServer) await server.settled();
    return sent;
  },

  async end() {
    const { listener, delivery, server } = runningState();
    if (before === undefined) throw new Error("end without begin");
    const used = meter.end();
    const memoryCourse = course?.end();
    course = undefined;
    await listener.settled();
    return {
      resources: [used],
      wire: diffTotals(
        before,
        listener.totals(),
        delivery,
        delivery === "push" ? "deliveries" : "underWay",
      ),
      cycle: null,
      batches: server instanceof BatchingServer ? server.takeGroups(sharedChannel) : null,
      kernelSocketBytes: kernelSocketBytes(),
      ...(memoryCourse && { memoryCourse }),
    };
  },

  longestStall: () => meter.longestStall(),
  fault: ({ fault }) => faults.make(fault),
  newest() {
    const { server } = runningState();
    return server instanceof BatchingServer ? server.newest(sharedChannel) : published;
  },
  // Its options say it.
  rhythm: () => ({ isKnown: true, quietMs: 0 }),
  clock,
  descriptors,
  memory,
};

serveVerbs(verbs);
