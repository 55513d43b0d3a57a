import { setTimeout } from "node:timers/promises";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Connection } from "../../transports/transport.ts";
import { correctClock, nowNs } from "../measure/clock.ts";
import { Dialler } from "../measure/dialler.ts";
import { earnSession } from "../measure/earn-session.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import { kernelSocketBytes } from "../machine/kernel.ts";
import { messagesFor } from "../payloads/messages.ts";
import type { Messages } from "../payloads/message.ts";
import { ProcessTree } from "../measure/process-tree.ts";
import { calibrateBusyWait } from "../measure/pacer.ts";
import { CountingRelay } from "../measure/relay.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { diffTotals } from "../measure/wire-ledger.ts";
import type { WireTotals } from "../measure/wire-ledger.ts";
import { trustOf } from "../settings/target.ts";
import type { ServerTarget } from "../settings/target.ts";
import { TlsClient, TlsServer, trustIn } from "../layers/tls.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { faultIn } from "../settings/fault.ts";
import { StartedCommand } from "../programs/started-command.ts";
import { sendingVariant } from "./adapter-errors.ts";
import { clock } from "./process-state.ts";
import type { PublisherVerbs, RelayPlace } from "./protocol.ts";
import {
  answeringAddress,
  waitUntilListening,
  onlyLooking,
  subscribe,
} from "./connect-to-target.ts";
import type { FoundServer, PublishingClient } from "./connect-to-target.ts";
import { sendOnSchedule } from "./sending.ts";
import { leave, serveVerbs } from "./serve-verbs.ts";
import { ServerFaults } from "./server-faults.ts";
import { occupantOf } from "../programs/marked-processes.ts";

// The publisher process, which stands for the server process where the server is the user's own: it sends
// up what that server then delivers. In trials that time nothing it also counts bytes, by a relay.

interface PublisherState {
  readonly bound: BoundTransport;
  readonly server: FoundServer;
  /** Null where the server is asked as it is, and nothing is published. */
  readonly connection: Connection | null;
  readonly relay: CountingRelay | null;
  /** The server's processes, where they are known. */
  readonly processes: ProcessTree | null;
  readonly envelope: Messages;
  readonly epochNs: number;
}

const meter = new ResourceMeter("publisher");
const faults = new ServerFaults(faultIn(process.env));
let state: PublisherState | undefined;
let command: StartedCommand | null = null;
let before: WireTotals | undefined;
/** Why nothing can be published any more. */
let lost: string | null = null;
/** Messages that were sent up, and have yet to come back; null where it only listens. */
let owed: number | null = 0;
/** Called with each message where it only listens. */
let heard = (): void => {};

const client: PublishingClient = {
  takesBack() {
    if (owed === null) {
      heard();
      return true;
    }
    if (owed === 0) return false;
    owed -= 1;
    return true;
  },
  closed(reason) {
    lost = reason;
  },
};

function runningState(): PublisherState {
  if (state === undefined) throw new Error("not started");
  return state;
}

/** Waits until the server answers, if it was started; resolves with the address at which it does. */
async function serverAddress(target: ServerTarget): Promise<string> {
  if (command === null) {
    const address = await answeringAddress(target);
    if (address === null) throw new Error(`nothing answers at ${target.url}`);
    return address;
  }
  const address = await waitUntilListening(target, command);
  // Not before: until then it is the waiting that fails.
  void endWith(command.ended, target.url);
  return address;
}

/** Ends this process when the server's command has ended: nothing is left to do. */
async function endWith(ended: Promise<string>, url: string): Promise<void> {
  const why = await ended;
  await end();
  await leave(`the server at ${url} is gone: ${why}`);
}

async function end(): Promise<void> {
  await command?.stop();
}

function treeOf(target: ServerTarget): ProcessTree | null {
  const pid = target.process.kind === "running" ? target.process.pid : (command?.group ?? null);
  return pid === null ? null : ProcessTree.of(pid);
}

/** Null where the clients themselves set the rhythm, and where nobody counts. */
function cycle(): ReturnType<CountingRelay["cycle"]> | null {
  const { bound, relay } = runningState();
  const isGrid = bound.polling !== null && bound.polling.intervalMs !== null;
  return isGrid || relay === null ? null : relay.cycle();
}

/** A relay in front of the server: it has TLS sessions of its own with both sides. */
async function openRelay(
  { addresses, identity }: RelayPlace,
  { target, address: host, tls: far }: FoundServer,
  bound: BoundTransport,
): Promise<CountingRelay> {
  const tls =
    identity === null || far === null
      ? null
      : { near: new TlsServer(identity, isHttp2(bound.layers)), far };
  return await CountingRelay.open(addresses, { host, port: target.port, tls }, bound);
}

const verbs: PublisherVerbs = {
  async launch({ target }) {
    if (target.process.kind !== "command") return { group: null };
    if ((await answeringAddress(target)) !== null) {
      throw new Error(`something else already answers at ${target.url}${occupantOf(target.port)}`);
    }
    command = new StartedCommand(target.process, target);
    return { group: command.group };
  },

  async start({ variant, epochNs, target, relay: relayed, publishes, ...parameters }) {
    initWebAssemblySync();
    if (!publishes) owed = null;
    const { bound } = await sendingVariant(variant);
    const envelope = await messagesFor(parameters, bound);
    const { payloadBytes, areOfOneSize, escapes, binary } = envelope;
    await calibrateBusyWait();
    const address = await serverAddress(target);
    const trust = trustOf(target);
    const tls = trust && new TlsClient(trust, bound.layers);
    const server = { target, address, tls };
    const connection = bound.asIs
      ? null
      : await subscribe(bound, server, command, { ...client, binary });
    if (connection !== null) await earnSession(tls, new Dialler(address, target.port));
    const relay = relayed === null ? null : await openRelay(relayed, server, bound);
    const processes = treeOf(target);
    command?.consistsOf(processes?.pids() ?? []);
    state = { bound, server, connection, relay, processes, envelope, epochNs };
    return {
      servers: (relayed?.addresses ?? [address]).map((host) => ({
        host,
        port: relay?.port ?? target.port,
        url: target.url,
      })),
      trust: relayed?.identity ? trustIn(relayed.identity) : trust,
      carried: { payloadBytes, areOfOneSize, escapes },
    };
  },

  begin({ measured }) {
    const { relay, processes } = runningState();
    faults.begin(measured);
    relay?.settle();
    relay?.begin();
    before = relay?.totals();
    processes?.begin();
    meter.begin();
  },

  async publish(sending) {
    const { connection, relay, envelope, epochNs } = runningState();
    relay?.settle();
    using lateness = new DurationHistogram(true);
    const send = (index: number, dueNs: number): void => {
      const sentNs = nowNs();
      lateness.record(sentNs - dueNs);
      owed = (owed ?? 0) + 1;
      connection?.send(
        envelope.write(sending.firstSequence + index, dueNs - epochNs, sentNs - epochNs),
      );
    };
    const sent = await sendOnSchedule(sending, 1, meter, lateness, faults.sending(send));
    if (lost !== null) throw new Error(`cut off by the server: ${lost}`);
    return sent;
  },

  async hears({ forMs }) {
    const over = new AbortController();
    const message = new Promise<boolean>((resolve) => (heard = () => resolve(true)));
    const late = setTimeout(forMs, false, { signal: over.signal });
    const hasHeard = await Promise.race([message, late]);
    late.catch(() => {});
    over.abort();
    return hasHeard;
  },

  end() {
    const { bound, relay, processes } = runningState();
    relay?.settle();
    const served = processes?.end() ?? null;
    return {
      resources: [meter.end(), ...(served === null ? [] : [served])],
      wire:
        relay === null || before === undefined
          ? null
          : diffTotals(before, relay.totals(), bound.delivery, "underWay"),
      cycle: cycle()?.cycle ?? null,
      batches: null,
      kernelSocketBytes: kernelSocketBytes(),
    };
  },

  rhythm() {
    const seen = cycle();
    return seen === null
      ? { isKnown: true, quietMs: 0 }
      : { isKnown: seen.cycle.cycleMs !== null, quietMs: seen.quietMs };
  },

  longestStall: () => meter.longestStall(),

  fault({ fault }) {
    if (fault !== null && fault.kind !== "late") {
      throw new Error(
        `the server is the user's own and can't be asked for the fault ${fault.kind}`,
      );
    }
    faults.make(fault);
  },

  heartbeats() {
    throw new Error("the server is the user's own, and its heartbeats can't be set");
  },

  watchEnds: () => null,

  async newest() {
    const { bound, server } = runningState();
    // Who has just come knows it, while this process's own client may be about to poll.
    await using connection = await subscribe(bound, server, null, onlyLooking);
    return connection.cursor;
  },

  repeats: () => {},
  takenUp: () => null,

  clock,
  correctClock,
  descriptors: () => runningState().processes?.descriptors() ?? { exhausted: false, limit: null },
  memory: () => ({ rssBytes: runningState().processes?.rssBytes() ?? null, heapBytes: null }),
};

// However this process comes to its end, as long as it has a say in it.
process.on("exit", () => command?.kill());
process.on("SIGTERM", () => void end().finally(() => process.exit(1)));

serveVerbs(verbs, end);
