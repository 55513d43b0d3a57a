import type { BusEnd } from "../bus/bus-end.ts";
import { DirectBus } from "../bus/direct-bus.ts";
import { LibraryBusEnd } from "../bus/library-bus-end.ts";
import { joinBus } from "../bus/join-bus.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { BatchingServer } from "../layers/batch.ts";
import { correctClock, nowNs } from "../measure/clock.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import { CpuCourse } from "../measure/cpu-course.ts";
import { kernelSocketBytes } from "../machine/kernel.ts";
import { CountedListener, givenUp } from "../measure/listener.ts";
import { collectGarbage } from "../measure/garbage.ts";
import { MemoryCourse } from "../measure/memory-course.ts";
import { messagesFor } from "../payloads/messages.ts";
import type { Messages } from "../payloads/message.ts";
import { calibrateBusyWait } from "../measure/pacer.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { diffTotals } from "../measure/wire-ledger.ts";
import type { WireTotals } from "../measure/wire-ledger.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { guardsOf } from "../../transports/guards.ts";
import { isHttp2 } from "../../transports/layers.ts";
import type { ServerHandlers, TransportServer } from "../../transports/transport.ts";
import { faultIn } from "../settings/fault.ts";
import { OpenExchanges } from "./open-exchanges.ts";
import { OpenRequests, letGo } from "./let-go.ts";
import { trialVariant } from "./adapter-errors.ts";
import { Answers } from "./answers.ts";
import { clock, descriptors, memory } from "./process-state.ts";
import { sharedChannel } from "./protocol.ts";
import type { SendRequest, SendResult, ServerVerbs } from "./protocol.ts";
import { sendOnSchedule } from "./sending.ts";
import { roomAt } from "../rooms/room-plan.ts";
import { sendToRooms } from "./room-sending.ts";
import { serveVerbs } from "./serve-verbs.ts";
import { ServerFaults } from "./server-faults.ts";
import { Answerer } from "../tokens/answerer.ts";
import { watchEnds } from "./watch-ends.ts";
import { TakenMessages } from "./taken-messages.ts";
import { Stretches } from "./stretches.ts";

// The server process: a transport's server end, the publisher, and the count of bytes.

/** The state that `start` sets up and every other verb needs. */
interface ServerState {
  readonly bound: BoundTransport;
  /** Whether the numbers of messages on each channel matter, since it may be restarted. */
  readonly isNumbered: boolean;
  readonly listener: CountedListener;
  readonly delivery: BoundTransport["delivery"];
  readonly server: TransportServer;
  /** What is published goes here: to the server, or by a bus to all of them. */
  outlet: Pick<TransportServer, "publish">;
  readonly handlers: ServerHandlers;
  readonly envelope: Messages;
  readonly epochNs: number;
  readonly seed: number;
}

const meter = new ResourceMeter("server");
const faults = new ServerFaults(faultIn(process.env));
const stretches = new Stretches();
let state: ServerState | undefined;
let before: WireTotals | undefined;
/** Of the server's memory, in the phases of scenarios that ask for it. */
let course: MemoryCourse | undefined;
/** Messages published on the channel that all clients share. */
let published = 0;
/** Null until it matters how it answers, and whom it loses. */
let answers: Answers | null = null;
/** Null until it matters which messages have been taken. */
let taken: TakenMessages | null = null;
/**
 * The newest number of each channel that messages are echoed on where the server may be restarted, and of each channel
 * where a bus has them.
 */
const numbers = new Map<string, number>();
/** Null where the server isn't restarted. */
let requests: OpenRequests | null = null;
/** Null until they are asked for. */
let exchanges: OpenExchanges | null = null;
let cpuCourse: CpuCourse | null = null;
/** The first address that it listens on. */
let ownHost = "127.0.0.1";
/** By how much later than they were due tokens of answers were sent; null where nobody prompts. */
let tokenLateness: DurationHistogram | null = null;
/** Where other servers reach it by themselves. */
let direct: DirectBus | null = null;
/** Null where it serves alone. */
let bus: BusEnd | null = null;

function runningState(): ServerState {
  if (state === undefined) throw new Error("not started");
  return state;
}

/** The transport's own, also where messages are gathered before it. */
function innerServer(): TransportServer {
  const { server } = runningState();
  return server instanceof BatchingServer ? server.inner : server;
}

function answering(): Answers {
  return (answers ??= new Answers(innerServer(), runningState().listener.http));
}

/** Counts one more message on a channel. */
function count(channel: string): void {
  numbers.set(channel, (numbers.get(channel) ?? runningState().listener.numbersAfter) + 1);
}

/** Publishes on the channel that all clients share. */
function publishing(
  { firstSequence }: SendRequest,
  lateness: DurationHistogram,
): (index: number, dueNs: number) => void {
  const { outlet, envelope, epochNs } = runningState();
  return (index, dueNs) => {
    const sentNs = nowNs();
    lateness.record(sentNs - dueNs);
    published += 1;
    outlet.publish(
      sharedChannel,
      envelope.write(firstSequence + index, dueNs - epochNs, sentNs - epochNs),
    );
  };
}

/** Publishes each message on the channel of one room. */
async function publishToRooms(request: Parameters<typeof sendToRooms>[0]): Promise<SendResult> {
  const { server, outlet, envelope, epochNs } = runningState();
  using lateness = new DurationHistogram(true);
  const { plan, before } = request.rooms;
  const channels = before.map((_, room) => roomAt(plan, room).channel);
  let next = { channel: sharedChannel, sequence: 0 };
  const publish = faults.sending((_index, dueNs) => {
    const sentNs = nowNs();
    lateness.record(sentNs - dueNs);
    const payload = envelope.write(next.sequence, dueNs - epochNs, sentNs - epochNs);
    outlet.publish(next.channel, payload);
  });
  let index = 0;
  return await sendToRooms(
    request,
    () => true,
    meter,
    lateness,
    (room, sequence, dueNs) => {
      next = { channel: channels[room] ?? sharedChannel, sequence };
      publish(index, dueNs);
      index += 1;
    },
    (room) => server.room?.(channels[room] ?? sharedChannel) ?? null,
  );
}

/** Resolves when no messages are gathered any more: those that still are belong to this phase, too. */
async function gathered(): Promise<void> {
  const { server } = runningState();
  if (server instanceof BatchingServer) await server.settled();
}

const verbs: ServerVerbs = {
  async start({ variant, epochNs, addresses, identity, numbersAfter, ...parameters }) {
    initWebAssemblySync();
    const { bound } = await trialVariant(variant);
    const envelope = await messagesFor(parameters, bound);
    const { payloadBytes, areOfOneSize, escapes, binary } = envelope;
    await bound.prepareToServe();
    ownHost = addresses[0] ?? ownHost;
    const listener = await CountedListener.open(addresses, {
      identity,
      isHttp2: isHttp2(bound.layers),
      guards: guardsOf(bound.layers),
      ...(numbersAfter !== undefined && { numbersAfter }),
    });
    published = listener.numbersAfter;
    if (published > 0) cpuCourse = new CpuCourse(meter);
    listener.binary = binary;
    const echo = (channel: string, payload: Buffer): void => {
      count(channel);
      server.publish(channel, payload);
    };
    const handlers: ServerHandlers = {
      // What comes up on a channel goes back down on it.
      message:
        numbersAfter === undefined ? (channel, payload) => server.publish(channel, payload) : echo,
    };
    const server = bound.serve(listener, handlers);
    if (numbersAfter !== undefined) requests = new OpenRequests(listener.http);
    faults.mount(server, listener.http);
    state = {
      bound,
      isNumbered: numbersAfter !== undefined,
      listener,
      delivery: bound.delivery,
      server,
      outlet: server,
      handlers,
      envelope,
      epochNs,
      seed: parameters.seed,
    };
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
    cpuCourse?.begin();
    bus?.begin();
    if (memoryStepMs !== undefined) course = new MemoryCourse(memoryStepMs);
  },

  async publish(sending) {
    const { rooms } = sending;
    if (rooms !== undefined) return await publishToRooms({ ...sending, rooms });
    using lateness = new DurationHistogram(true);
    const send = faults.sending(publishing(sending, lateness));
    const { server } = runningState();
    const room = (): Promise<void> | null => server.room?.(sharedChannel) ?? null;
    const sent = await sendOnSchedule(sending, 1, meter, lateness, send, room);
    await gathered();
    return sent;
  },

  async publishStretch(sending) {
    using lateness = new DurationHistogram(true);
    const send = faults.sending(publishing(sending, lateness));
    const sent = await stretches.send(sending, meter, lateness, send);
    if (!sent.isBroken) await gathered();
    return sent;
  },

  answerPrompts() {
    const { bound, handlers, server, seed } = runningState();
    if (tokenLateness !== null) return tokenLateness.reset();
    tokenLateness = new DurationHistogram(true);
    const completes = bound.answers;
    const how = { seed, server, completes, account: meter, lateness: tokenLateness };
    const answerer = new Answerer(how);
    handlers.message = (channel, payload) => answerer.prompted(channel, payload);
  },

  tokensSent() {
    if (tokenLateness === null) throw new Error("nobody prompts");
    return tokenLateness.encode();
  },

  async openBus() {
    direct ??= await DirectBus.open(ownHost);
    return direct.address;
  },

  async joinBus(joining) {
    // Another has taken the place of one of them.
    if (bus !== null && joining.kind === "none") {
      await direct?.reach(joining.peers);
      return await verbs.newest({});
    }
    const { bound, server, listener, isNumbered, handlers, envelope } = runningState();
    const alone = { ...handlers };
    const sequenceOf = (payload: Buffer): number | null =>
      envelope.read(payload) ? envelope.sequence : null;
    const deliver = (channel: string, payload: Buffer): void => {
      if (taken !== null && envelope.read(payload)) taken.note(channel, envelope.sequence);
      alone.message(channel, payload);
    };
    const isLibrarys = joining.kind !== "none" && bound.libraryBus(joining.kind) !== null;
    if (isLibrarys) {
      const note = (channel: string, payload: Buffer): void => {
        if (taken !== null && envelope.read(payload)) taken.note(channel, envelope.sequence);
        if (isNumbered) count(channel);
      };
      bus = await LibraryBusEnd.join(server, joining, note, sequenceOf);
    } else {
      const wasTold = listener.numbersAfter > 0;
      bus = await joinBus(joining, direct, deliver, sequenceOf, wasTold);
    }
    runningState().outlet = bus;
    // From a log only who has taken another's place takes something so soon.
    if (bus.soFar.taken > 0) cpuCourse ??= new CpuCourse(meter);
    handlers.message = bus.publish;
    return await verbs.newest({});
  },

  onBus: () => bus?.soFar ?? null,

  published: ({ publisher, numbers }) =>
    numbers.map((number) => bus?.nameOf(publisher, number) ?? null),

  async letGo({ forMs }) {
    const { listener } = runningState();
    if (requests === null) throw new Error("the server isn't one that is restarted");
    await letGo(listener.open, requests, forMs);
  },

  answer: ({ how }) => answering().set(how),
  loses: (how) => answering().loses(how),

  leave() {
    const leftNs = nowNs();
    for (const stream of runningState().listener.open) stream.end(() => stream.destroy());
    return leftNs;
  },

  async retire() {
    const { listener } = runningState();
    // Before the first phase nobody asks for its counts.
    if (before === undefined) await verbs.begin({ measured: false });
    stretches.breakOff();
    await listener[Symbol.asyncDispose]();
    const end = await verbs.end({});
    return {
      end,
      newest: Math.max(await verbs.newest({}), ...numbers.values()),
      longestStall: meter.longestStall(),
    };
  },

  async end() {
    const { listener, delivery, server } = runningState();
    if (before === undefined) throw new Error("end without begin");
    const used = meter.end();
    const cpuCourseMs = cpuCourse?.end();
    const memoryCourse = course?.end();
    course = undefined;
    await listener.settled();
    return {
      resources: [used],
      ...(cpuCourseMs !== undefined && { cpuCourseMs }),
      wire: diffTotals(
        before,
        listener.totals(),
        delivery,
        delivery === "push" ? "deliveries" : "underWay",
      ),
      cycle: null,
      batches: server instanceof BatchingServer ? [server.takeGroups(sharedChannel)] : null,
      kernelSocketBytes: kernelSocketBytes(),
      ...(bus !== null && { bus: bus.end() }),
      ...(memoryCourse && { memoryCourse }),
    };
  },

  longestStall: () => meter.longestStall(),
  fault: ({ fault }) => faults.make(fault),

  heartbeats(heartbeats) {
    const server = innerServer();
    if (server.heartbeats === undefined) throw new Error("the server can't set its heartbeats");
    server.heartbeats(heartbeats);
  },

  openExchanges: () => (exchanges ??= new OpenExchanges(runningState().listener.http)).count,

  watchEnds: ({ forMs }) =>
    watchEnds(
      [...(innerServer().clientStreams?.() ?? runningState().listener.open)],
      forMs,
      (stream, ended) => stream.once("close", ended).once(givenUp, ended),
    ),

  newest() {
    const { server } = runningState();
    if (server instanceof BatchingServer) return server.newest(sharedChannel);
    return Math.max(published, numbers.get(sharedChannel) ?? 0);
  },
  repeats({ how }) {
    const { handlers, outlet, envelope } = runningState();
    const known = (taken ??= new TakenMessages());
    handlers.message = (channel, payload) => {
      const isNew = !envelope.read(payload) || known.take(channel, envelope.sequence);
      // Here, taking a message is to send it back, and so is answering.
      if (isNew || how !== "drop") outlet.publish(channel, payload);
    };
  },
  takenUp: () => taken?.counts() ?? null,
  // Its options say it.
  rhythm: () => ({ isKnown: true, quietMs: 0 }),
  clock,
  correctClock,
  descriptors,
  memory,
};

serveVerbs(verbs);
