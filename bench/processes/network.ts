import { setTimeout } from "node:timers/promises";
import { correctClock, nowNs } from "../measure/clock.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { asItComes } from "../network/carriage.ts";
import { ownDelayNs } from "../network/own-delay.ts";
import { directionNames, StreamRelay } from "../network/stream-relay.ts";
import { clock } from "./process-state.ts";
import type { NetworkVerbs } from "./protocol.ts";
import { serveVerbs } from "./serve-verbs.ts";

// The network process: what stands between clients and server, and misbehaves as a script asks.

const meter = new ResourceMeter("network");
let relay: StreamRelay | undefined;

function running(): StreamRelay {
  if (relay === undefined) throw new Error("not started");
  return relay;
}

/** Even the shortest timer takes a millisecond. */
async function wait(forMs: number): Promise<void> {
  if (forMs > 0) await setTimeout(forMs);
}

const verbs: NetworkVerbs = {
  async start({ addresses, servers, seed, profile, keepsAddresses = false }) {
    relay = await StreamRelay.open(addresses, servers, seed, profile, keepsAddresses);
    return { port: relay.port, ownDelayNs: await ownDelayNs() };
  },

  async carry({ directions, change, afterMs }) {
    await wait(afterMs);
    for (const direction of directions) running().carry(direction, change);
    return nowNs();
  },

  async cut({ how, share, afterMs, refuseForMs }) {
    await wait(afterMs);
    const relay = running();
    if (refuseForMs > 0) relay.refuse();
    const cut = relay.cut(how, share);
    await wait(refuseForMs);
    if (refuseForMs > 0) await relay.listen();
    return cut;
  },

  refuse: ({ which }) => running().refuse(which),

  async passTo({ servers, which }) {
    running().passTo(servers, which);
    await running().listen();
  },

  async restore({ afterMs }) {
    await wait(afterMs);
    for (const direction of directionNames) running().carry(direction, asItComes);
    await running().listen();
  },

  begin({ seed }) {
    running().begin(seed);
    meter.begin();
  },

  end: () => meter.end(),
  books: () => running().books,
  longestStall: () => meter.longestStall(),
  clock,
  correctClock,
};

serveVerbs(verbs);
