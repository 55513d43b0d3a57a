import { setTimeout } from "node:timers/promises";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { fatesOnBus, lostOnBus } from "../bus/lost-on-bus.ts";
import { TlsClient } from "../layers/tls.ts";
import { addressOfClient } from "../measure/client-address.ts";
import { correctClock, nowNs } from "../measure/clock.ts";
import { Dialler, countOpenable, diallerOf, subscribeMs } from "../measure/dialler.ts";
import type { ServerAddress } from "../measure/dialler.ts";
import { earnSession } from "../measure/earn-session.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import { messagesFor } from "../payloads/messages.ts";
import type { Messages } from "../payloads/message.ts";
import { calibrateBusyWait } from "../measure/pacer.ts";
import { Recorder, Subscriber } from "../measure/recorder.ts";
import { ReturningSubscriber } from "../measure/returning-subscriber.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { SilenceDetector } from "../measure/silence-detector.ts";
import { Absences } from "./absences.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { silenceMs } from "../../transports/heartbeats.ts";
import type { Heartbeats } from "../../transports/heartbeats.ts";
import type { ClientHandlers, Connection, ReadChunk, Target } from "../../transports/transport.ts";
import type { BrowserPlace } from "../browsers/tab.ts";
import type { PageHost } from "../browsers/page-host.ts";
import { clientsOfPage } from "../settings/browser-cells.ts";
import { StampedRecorder } from "../measure/stamped-recorder.ts";
import { faultIn } from "../settings/fault.ts";
import type { Variant } from "../settings/variant.ts";
import { mistakeIn, trialVariant } from "./adapter-errors.ts";
import { dense, dialAll } from "./dial-all.ts";
import { ClientFaults } from "./client-faults.ts";
import { clock, descriptors, memory } from "./process-state.ts";
import { acceptHeader, codingOf } from "../../transports/content-coding.ts";
import { channelOf } from "./protocol.ts";
import { sendToRooms } from "./room-sending.ts";
import { RoomBooks } from "../rooms/room-books.ts";
import { roomAt } from "../rooms/room-plan.ts";
import { RoomSubscriber } from "../rooms/room-subscriber.ts";
import { Places } from "../measure/places.ts";
import type { Place } from "../measure/places.ts";
import type { Channels, LoadVerbs, PromptResult, SendResult } from "./protocol.ts";
import type { Prompting, RoomPlan } from "../../scenarios/scenario.ts";
import { Askers } from "../tokens/asker.ts";
import type { Asking } from "../tokens/asker.ts";
import { TokenRecorder } from "../tokens/token-recorder.ts";
import { TokenSubscriber } from "../tokens/token-subscriber.ts";
import { TokenTexts } from "../tokens/token-texts.ts";
import { sum } from "../statistics/basics.ts";
import { sendOnSchedule } from "./sending.ts";
import { serveVerbs } from "./serve-verbs.ts";
import { watchEnds } from "./watch-ends.ts";
import { formOf, tabVerbs } from "./tab-verbs.ts";
import type { DrivenTabs } from "./tab-verbs.ts";
import { StoppedReaders, shareOf } from "./stopped-readers.ts";

// A load process: a transport's client ends, and the recorder of what they receive.

interface LoadState {
  readonly variant: Variant;
  readonly envelope: Messages;
  readonly epochNs: number;
  readonly recorder: Recorder;
  readonly servers: readonly Server[];
  readonly places: Places;
  /** Null where nobody comes back. */
  readonly absences: Absences | null;
  readonly stopped: StoppedReaders;
  /** Shifts every client's place in its period, so that another seed gives other phases. */
  readonly phaseShift: number;
  readonly seed: number;
  /** Null where clients aren't in rooms. */
  rooms: RoomBooks | null;
  /** The pages of the browser in which clients live; null where they live here. */
  readonly pages: PageHost | null;
  /** Null where clients don't prompt. */
  tokens: TokenRecorder | null;
}

/** With its URL, of which all clients have the same object. */
interface Server extends Omit<ServerAddress, "url"> {
  readonly url: URL;
}

/** One simulated subscriber. */
interface Client {
  readonly number: number;
  channel: string;
  subscriber: Subscriber;
  /** What its present connection was dialled by, or is being dialled. */
  dialler: Dialler | null;
  /** Null while it has no connection. */
  link: Link | null;
}

interface Link {
  readonly place: Place;
  readonly connection: Connection;
}

const meter = new ResourceMeter("load");
// While the server starts, too.
initWebAssemblySync();
const faults = new ClientFaults(faultIn(process.env));
const clients: Client[] = [];
let state: LoadState | undefined;
let arrivedBefore = 0;
/** What clients are connected with; null for as the variant has it, and without a detector. */
let alertness: { readonly heartbeats: Heartbeats; readonly detector: SilenceDetector } | null =
  null;

function runningState(): LoadState {
  if (state === undefined) throw new Error("not started");
  return state;
}

function comingBack(): Absences {
  const { absences } = runningState();
  if (absences === null) throw new Error("clients weren't started as some that come back");
  return absences;
}

function serverOf<Served>(number: number, servers: readonly Served[]): Served {
  const server = servers[number % servers.length];
  if (server === undefined) throw new Error("no server");
  return server;
}

/** Multiples of the golden section fill an interval evenly, however many there will be. */
const goldenSection = 0.618_033_988_749_895;

/** How much longer than asked for saturation goes on at most. */
const saturationTickMs = 50;

async function dial(number: number, channels: Channels, nextSequence: number): Promise<Client> {
  const { recorder, absences, rooms, tokens, variant } = runningState();
  const fail = (why: Error): void => client.dialler?.fail(why);
  const Kind = absences === null ? Subscriber : ReturningSubscriber;
  const subscriber =
    rooms?.subscriber(number, fail) ??
    (tokens === null
      ? new Kind(recorder, nextSequence, fail)
      : new TokenSubscriber(tokens, variant.bound.answers, fail));
  const channel = channelOf(number, channels);
  const client: Client = { number, channel, subscriber, dialler: null, link: null };
  faults.affect(subscriber);
  await connect(client);
  follow(client);
  return client;
}

/** Which of so many servers a client is with; of one that is away, the one that it was with at first. */
function serverPlace({ link, number }: Pick<Client, "link" | "number">, servers: number): number {
  return (link?.place.server ?? number) % servers;
}

function inRooms(): RoomBooks {
  const { rooms } = runningState();
  if (rooms === null) throw new Error("clients aren't in rooms");
  return rooms;
}

/** Has a client leave its room and join another. */
async function changeRoom(client: Client, room: number): Promise<void> {
  const rooms = inRooms();
  const { number } = client;
  if (client.subscriber instanceof RoomSubscriber) rooms.leave(client.subscriber);
  await leave(client);
  client.channel = roomAt(rooms.plan, room).channel;
  client.subscriber = rooms.joiner(number, room, nowNs(), (why) => client.dialler?.fail(why));
  faults.affect(client.subscriber);
  await connect(client);
}

function follow(client: Client): void {
  const { subscriber } = client;
  if (!(subscriber instanceof ReturningSubscriber)) return;
  const isBatched = runningState().variant.bound.layers.batchMs !== undefined;
  let cursor = 0;
  runningState().absences?.follow(
    subscriber,
    () => (cursor = client.link?.connection.cursor ?? cursor),
    async (after) => {
      await leave(client);
      const { next } = subscriber;
      try {
        await connect(client, { after });
      } catch (error) {
        // Socket.IO hands over messages before it is upgraded. Of batches it isn't known how many they were.
        if (!isBatched) cursor += subscriber.next - next;
        throw error;
      }
      if (subscriber instanceof TokenSubscriber) subscriber.back?.();
      if (client.link !== null) subscriber.outbox?.sendAll(client.link.connection, nowNs());
      // It was hung up meanwhile.
      if (subscriber.ending) await leave(client);
    },
  );
}

/** A client that comes back, after the message of this number where one is given. */
interface ComingBack {
  readonly after: number | undefined;
}

/** Connects a client that has no connection. */
async function connect(client: Client, back: ComingBack | null = null): Promise<void> {
  const { variant, envelope, places, servers, phaseShift, absences, tokens } = runningState();
  const { number, channel, subscriber } = client;
  const place = places.take(number, back !== null);
  const { dialler } = place;
  client.dialler = dialler;
  const ownReturn =
    subscriber instanceof ReturningSubscriber ? absences?.ownReturnOf(subscriber) : null;
  const target = {
    url: serverOf(place.server, servers).url,
    channel,
    binary: envelope.binary,
    ...(tokens !== null && variant.bound.answers && { asks: true }),
    phase: (phaseShift + number * goldenSection) % 1,
    ...(back?.after !== undefined && { after: back.after }),
    ...(ownReturn != null && { ownReturn }),
    ...(isHttp2(variant.bound.layers) && { http2: place }),
    ...inPageOf(place),
    dial: (read?: ReadChunk) => dialler.dial(read),
  };
  try {
    const connection = await dialler.within(subscribeMs, () =>
      variant.bound.connect(target, stamped(subscriber), alertness?.heartbeats.everyMs),
    );
    alertness?.detector.watch(dialler);
    client.link = { place, connection };
    if (subscriber instanceof RoomSubscriber) inRooms().joined(subscriber, connection.cursor);
  } catch (error) {
    await places.leave(place);
    throw error;
  }
}

/** Opens a client in its page; nothing where clients live in this process. */
function inPageOf(place: Place): Pick<Target, "openInPage"> {
  const { pages, servers, variant } = runningState();
  if (pages === null) return {};
  const { url } = serverOf(place.server, servers);
  return {
    openInPage: async (...client) =>
      await (await pages.page(url, pageOf(place.number, variant))).open(...client),
  };
}

function pageOf(client: number, variant: Variant): number {
  return Math.floor(client / clientsOfPage(variant));
}

/** Where messages are stamped in a page, has them recorded by that. */
function stamped(subscriber: Subscriber): ClientHandlers {
  const { recorder } = runningState();
  return recorder instanceof StampedRecorder ? recorder.stamping(subscriber) : subscriber;
}

/** Waits for when each of so many dials is due, evenly over a time that begins now. */
function spread(dials: number, overMs: number): (index: number) => Promise<void> {
  const startMs = performance.now();
  return (index) => setTimeout(Math.max(0, startMs + (index / dials) * overMs - performance.now()));
}

/** Hands a message over to a client's connection, if it has one. */
function handOver({ link }: Client, _sequence: number, payload: Buffer): void {
  link?.connection.send(payload);
}

/** The same for clients that keep what they send. */
function keepAndSend({ subscriber, link }: Client, sequence: number, payload: Buffer): void {
  if (!(subscriber instanceof ReturningSubscriber)) return;
  const isThere = subscriber.open && link !== null;
  subscriber.outbox?.send(sequence, payload, isThere ? link.connection : null);
}

async function hangUp(client: Client): Promise<void> {
  client.subscriber.ending = true;
  if (client.subscriber instanceof RoomSubscriber) inRooms().leave(client.subscriber);
  await leave(client);
}

async function leave(client: Client): Promise<void> {
  const { link } = client;
  client.link = null;
  if (link === null) return;
  // First the reset, so that the polite close that follows finds nothing to close.
  await runningState().places.leave(link.place);
  if (link.place.clients === 0) alertness?.detector.forget(link.place.dialler);
  await link.connection[Symbol.asyncDispose]();
}

/** Clients that are connected from here on are in rooms; those of the same plan when there are some already. */
function joinRooms(plan: RoomPlan, serverCount: number): void {
  const state = runningState();
  const clientsOfEach = state.variant.bound.layers.share ?? 1;
  const serverAt = (client: number): number => Math.floor(client / clientsOfEach) % serverCount;
  state.rooms ??= new RoomBooks(plan, state.recorder, state.envelope, serverAt);
}

/** Clients that are connected from here on prompt. */
function beginPrompting(): void {
  const state = runningState();
  if (state.tokens !== null) return;
  state.tokens = new TokenRecorder(state.recorder);
  state.tokens.begin();
}

/** Has each client ask for answers. */
async function promptFrom(prompting: Prompting): Promise<PromptResult> {
  const { variant, seed, tokens, absences } = runningState();
  if (tokens === null) throw new Error("clients weren't connected as some that prompt");
  using lateness = new DurationHistogram(true);
  const completes = variant.bound.answers;
  const texts = new TokenTexts(prompting.answer.format, { ends: !completes });
  const asking = clients.flatMap((client) => askingOf(client, absences?.comesBack === true));
  const how = { prompting, seed, texts, recorder: tokens, account: meter, completes, lateness };
  const startNs = nowNs();
  const { requests, tokens: messages, brokenOff } = await new Askers(asking, how).run();
  const untilNs = nowNs();
  return {
    requests,
    messages,
    startNs,
    untilNs,
    lateness: lateness.encode(),
    achievedRate: (1e9 * messages) / (untilNs - startNs),
    ...(brokenOff && { brokenOff: "late" as const }),
  };
}

function askingOf(client: Client, comesBack: boolean): Asking[] {
  const { number, subscriber } = client;
  if (!(subscriber instanceof TokenSubscriber)) return [];
  const send = (payload: Buffer): void => client.link?.connection.send(payload);
  return [{ number, subscriber, comesBack, send }];
}

/** Has each client that speaks for a room send to it. */
async function sendFromSpeakers(request: Parameters<typeof sendToRooms>[0]): Promise<SendResult> {
  const { envelope, epochNs } = runningState();
  const { plan, before } = request.rooms;
  using lateness = new DurationHistogram(true);
  const held = new Map(clients.map((client) => [client.number, client]));
  const speakers = before.map((_, room) => held.get(roomAt(plan, room).speaker));
  return await sendToRooms(
    request,
    (room) => speakers[room] !== undefined,
    meter,
    lateness,
    (room, sequence, dueNs) => {
      const sentNs = nowNs();
      lateness.record(sentNs - dueNs);
      const payload = envelope.write(sequence, dueNs - epochNs, sentNs - epochNs);
      speakers[room]?.link?.connection.send(payload);
    },
  );
}

/** Only where clients live in a browser is anything loaded that drives one. */
async function openPages(browser: BrowserPlace): Promise<PageHost> {
  const { PageHost } = await import("../browsers/page-host.ts");
  return await PageHost.open(browser);
}

/** Opens the pages of clients beforehand, one after the other: that is no part of their set-up. */
async function openPagesFor(first: number, clients: number): Promise<void> {
  const { pages, servers, variant } = runningState();
  if (pages === null || clients === 0) return;
  const { url } = serverOf(0, servers);
  const last = pageOf(first + clients - 1, variant);
  for (let page = pageOf(first, variant); page <= last; page += 1) await pages.page(url, page);
}

/** What a script's tabs are opened in, and what in them. */
function drivenTabs(): DrivenTabs {
  const { pages, servers, variant } = runningState();
  if (pages === null) throw new Error("clients don't live in a browser");
  return { browser: pages.browser, server: serverOf(0, servers).url, form: formOf(variant) };
}

const verbs: LoadVerbs = {
  ...tabVerbs(drivenTabs),
  showPages: async ({ isVisible }) => await runningState().pages?.show(isVisible),

  prepare: async ({ variant }) => (await trialVariant(variant)).bound.prepare(),

  async start({ variant, epochNs, servers: addresses, trust, ...parameters }) {
    const { mayComeBack = false, ownAddresses = false } = parameters;
    const loaded = await trialVariant(variant);
    const { bound } = loaded;
    await bound.prepare();
    const envelope = await messagesFor(parameters, bound);
    const { browser } = parameters;
    const pages = browser === undefined ? null : await openPages(browser);
    const Recording = pages === null ? Recorder : StampedRecorder;
    const recorder = new Recording(envelope, epochNs);
    const tls = trust && new TlsClient(trust, bound.layers);
    const servers = addresses.map((server) => ({ ...server, url: new URL(server.url) }));
    const dialler = (server: number, place: number): Dialler => {
      const from = ownAddresses ? addressOfClient(place) : undefined;
      return diallerOf(serverOf(server, addresses), tls, from);
    };
    // Of the first server's session; the others have to resume it, too.
    for (const { host, port } of servers) await earnSession(tls, new Dialler(host, port));
    state = {
      variant: loaded,
      envelope,
      epochNs,
      recorder,
      stopped: new StoppedReaders(recorder),
      servers,
      places: new Places(bound.layers.share ?? 1, dialler),
      absences: mayComeBack ? new Absences(parameters.seed) : null,
      phaseShift: (parameters.seed * goldenSection) % 1,
      seed: parameters.seed,
      rooms: null,
      pages,
      tokens: null,
    };
    await calibrateBusyWait();
  },

  async begin({ firstSequence, startNs, rooms }) {
    const { recorder, absences, stopped, rooms: books, tokens, pages } = runningState();
    await pages?.align();
    recorder.begin(firstSequence, startNs);
    if (rooms !== undefined) books?.begin(rooms);
    tokens?.begin();
    absences?.begin(startNs);
    stopped.begin();
    arrivedBefore = recorder.arrived;
    meter.begin();
  },

  async connect({ clients: wanted, firstClient, channels, nextSequence, concurrency, ...how }) {
    const { heartbeats, overMs, serverCount = 1 } = how;
    if (typeof channels === "object") joinRooms(channels, serverCount);
    if (how.prompts === true) beginPrompting();
    alertness =
      heartbeats === undefined
        ? null
        : { heartbeats, detector: new SilenceDetector(silenceMs(heartbeats)) };
    await openPagesFor(firstClient, wanted);
    const due = overMs === undefined ? undefined : spread(wanted, overMs);
    const connected: Client[] = [];
    let mistake: Error | null = null;
    const dialOne = async (index: number): Promise<number> => {
      try {
        const client = await dial(firstClient + index, channels, nextSequence);
        connected[index] = client;
        return client.link?.connection.cursor ?? 0;
      } catch (error) {
        mistake ??= mistakeIn(runningState().variant, error);
        throw error;
      }
    };
    const dialled = await dialAll(wanted, concurrency, dialOne, due);
    // Who sends how much depends on a client's place, so that isn't left to who gets through first.
    clients.push(...dense(connected));
    if (mistake !== null) throw mistake;
    return dialled;
  },

  async disconnect({ clients: left }) {
    await Promise.all(clients.splice(left).map(hangUp));
  },

  async send(sending) {
    const { envelope, epochNs, absences } = runningState();
    const send = absences?.keepsSent === true ? keepAndSend : handOver;
    const { rooms } = sending;
    if (rooms !== undefined) return await sendFromSpeakers({ ...sending, rooms });
    using lateness = new DurationHistogram(true);
    return await sendOnSchedule(sending, clients.length, meter, lateness, (index, dueNs) => {
      const sequence = sending.firstSequence + Math.floor(index / clients.length);
      const client = clients[index % clients.length];
      const sentNs = nowNs();
      lateness.record(sentNs - dueNs);
      if (client === undefined) return;
      send(client, sequence, envelope.write(sequence, dueNs - epochNs, sentNs - epochNs));
    });
  },

  prompt: ({ prompting }) => promptFrom(prompting),

  async changeRooms({ changes, forMs }) {
    const held = new Map(clients.map((client) => [client.number, client]));
    const due = spread(changes.length, forMs);
    /** A client that is to change its room once more does so after it has. */
    const busy = new Map<number, Promise<void>>();
    const change = async (index: number, client: Client, room: number): Promise<void> => {
      const before = busy.get(client.number);
      await due(index);
      await before;
      await changeRoom(client, room);
    };
    await Promise.all(
      changes.flatMap(({ client: number, room }, index) => {
        const client = held.get(number);
        if (client === undefined) return [];
        const changing = change(index, client, room);
        busy.set(number, changing);
        return [changing];
      }),
    );
  },

  async end() {
    const resources = meter.end();
    const { recorder, servers, pages } = runningState();
    const clientsAt = servers.map(() => 0);
    for (const { link } of clients) {
      const at = (link?.place.server ?? 0) % servers.length;
      if (link !== null) clientsAt[at] = (clientsAt[at] ?? 0) + 1;
    }
    const end = { arrived: recorder.arrived - arrivedBefore, clientsAt, resources };
    return pages === null ? end : { ...end, stampBoundNs: await pages.check() };
  },

  longestStall: () => meter.longestStall(),

  comeBack({ how }) {
    comingBack().how = how;
    for (const client of clients) follow(client);
  },

  async watchEnds({ forMs }) {
    const held = clients.flatMap(({ subscriber }) =>
      subscriber instanceof ReturningSubscriber && subscriber.open ? [subscriber] : [],
    );
    return watchEnds(held, forMs, (subscriber, ended) => (subscriber.away = ended));
  },

  returned: ({ timeoutMs }) => comingBack().returned(timeoutMs),

  async stopReading({ share, afterMs, forMs }) {
    await setTimeout(afterMs);
    await runningState().stopped.stop(shareOf(clients, share), forMs);
  },

  stoppedReaders: () => runningState().stopped.report(),

  absences(question) {
    const { onBus } = question;
    const held = clients.flatMap(({ subscriber, ...client }) =>
      subscriber instanceof ReturningSubscriber ? [{ ...client, subscriber }] : [],
    );
    const subscribers = held.map(({ subscriber }) => subscriber);
    if (onBus === undefined) return comingBack().report(subscribers, question);
    const fateOnBus = fatesOnBus(onBus);
    return comingBack().report(subscribers, question, (place) => (sequence) => {
      const client = held[place];
      if (client === undefined) return null;
      return fateOnBus(serverPlace(client, onBus.servers), client.channel, sequence);
    });
  },

  lostOnBus: (question) =>
    lostOnBus(
      question,
      clients.map((client) => ({
        server: serverPlace(client, question.servers),
        channel: client.channel,
        misses: (sequence) => client.subscriber.misses(sequence),
      })),
    ),

  outageFates: ({ rooms, ...onBus }) =>
    runningState().rooms?.outageFates(rooms, fatesOnBus(onBus)) ?? null,

  fault({ fault }) {
    faults.make(fault);
    for (const { subscriber } of clients) faults.affect(subscriber);
  },

  async collect({ deliveries, timeoutMs, lastSequence = Number.POSITIVE_INFINITY, rooms }) {
    const { recorder, rooms: books, tokens } = runningState();
    const inRooms = rooms === undefined ? undefined : books?.report(rooms);
    const expected = inRooms === undefined ? deliveries : sum(inRooms.expected);
    const haveLast = (): boolean =>
      clients.every(({ subscriber: { next } }) => next > lastSequence);
    await recorder.drained(expected, timeoutMs, haveLast);
    const { disconnected, lastEnding, reconnected, retried } = recorder;
    const ends = { disconnected, lastEnding, reconnected, retried };
    const report = rooms === undefined ? undefined : books?.report(rooms);
    return {
      ...recorder.recorded(),
      ...ends,
      ...(report !== undefined && { rooms: report }),
      ...(tokens !== null && { tokens: tokens.report() }),
    };
  },

  clock,
  correctClock,
  descriptors,
  memory,

  async prepareSaturation({ connections, server = 0 }) {
    const { host, port } = serverOf(server, runningState().servers);
    await import("autocannon");
    // Where autocannon can't connect, it tries again at once, and forever.
    return countOpenable(host, port, connections);
  },

  async saturate({ path, connections, forMs, server = 0 }) {
    const { servers, variant } = runningState();
    const { token } = variant.bound.layers;
    const { default: autocannon } = await import("autocannon");
    const result = await autocannon({
      url: new URL(path, serverOf(server, servers).url).href,
      connections,
      headers: {
        ...acceptHeader(codingOf(variant.bound.layers)),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      duration: forMs / 1_000,
      // It ends with one of these, a second long if nothing is said.
      sampleInt: saturationTickMs,
    });
    return {
      requestsPerSecond: result.requests.total / result.duration,
      failed: result.errors + result.timeouts + result.non2xx,
    };
  },
};

serveVerbs(verbs);
