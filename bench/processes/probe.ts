import { askRequest, requestHead } from "../intruders/requests.ts";
import { TlsClient } from "../layers/tls.ts";
import { correctClock } from "../measure/clock.ts";
import { diallerOf } from "../measure/dialler.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { messagesFor } from "../payloads/messages.ts";
import type { Messages } from "../payloads/message.ts";
import { ask, browserCodings } from "../probe/ask.ts";
import { ProbedClient } from "../probe/probed-client.ts";
import type { Way } from "../../scenarios/scenario.ts";
import { guardsIn } from "../settings/variant.ts";
import type { Variant } from "../settings/variant.ts";
import { trialVariant } from "./adapter-errors.ts";
import { clock } from "./process-state.ts";
import { sharedChannel } from "./protocol.ts";
import type { ProbedWay, ProbeVerbs } from "./protocol.ts";
import { serveVerbs } from "./serve-verbs.ts";

// The process of clients that watch closely what a proxy does, through it and past it.

interface ReachedWay {
  readonly server: ProbedWay["server"];
  readonly variant: Variant;
  readonly messages: Messages;
  /** Null without TLS. */
  readonly tls: TlsClient | null;
  /** The same for requests by hand, which are of HTTP/1.1. */
  readonly tlsByHand: TlsClient | null;
}

const meter = new ResourceMeter("probe");
let ways: Readonly<Record<Way, ReachedWay>> | undefined;
let epochNs = 0;
const clients: ProbedClient[] = [];

function wayOf(through: Way): ReachedWay {
  if (ways === undefined) throw new Error("not started");
  return ways[through];
}

function clientOf(id: number): ProbedClient {
  const client = clients[id];
  if (client === undefined) throw new Error(`no client ${id}`);
  return client;
}

/** A request that is answered with messages where there are some, which may be worth compressing. */
function requestOf({ server, variant }: ReachedWay): string | null {
  const { bound } = variant;
  const form = bound.wireForm;
  if (form === null) return null;
  const door = { host: server.host, port: server.port, tls: null };
  const tried = { door, form, guards: guardsIn(variant) };
  const fields = { "Accept-Encoding": browserCodings };
  if (bound.polling === null) return askRequest(tried, fields, sharedChannel);
  const path = bound.polling.path(sharedChannel, 0);
  return requestHead(tried, form.ask.method, path, fields);
}

const verbs: ProbeVerbs = {
  async start({ ways: given, ...parameters }) {
    epochNs = parameters.epochNs;
    const reach = async ({ server, trust, variant: recorded }: ProbedWay): Promise<ReachedWay> => {
      const variant = await trialVariant(recorded);
      await variant.bound.prepare();
      return {
        server,
        variant,
        messages: await messagesFor(parameters, variant.bound),
        tls: trust && new TlsClient(trust, variant.bound.layers),
        tlsByHand: trust && new TlsClient(trust, {}),
      };
    };
    ways = { proxy: await reach(given.proxy), direct: await reach(given.direct) };
  },

  async open({ through, waitMs, everyMs, comesBack = false }) {
    const { server, variant, messages, tls } = wayOf(through);
    const client = new ProbedClient({
      bound: variant.bound,
      url: new URL(server.url),
      channel: sharedChannel,
      messages,
      epochNs,
      dialler: diallerOf(server, tls),
      everyMs,
      comesBack,
    });
    clients.push(client);
    return await client.open(clients.length - 1, waitMs);
  },

  heard: async ({ id, ...waiting }) => await clientOf(id).heard(waiting),
  close: async ({ id }) => await clientOf(id).close(),

  async ask({ through, forMs }) {
    const way = wayOf(through);
    const request = requestOf(way);
    if (request === null) return null;
    return await ask(diallerOf(way.server, way.tlsByHand), request, forMs);
  },

  begin: () => meter.begin(),
  end: () => meter.end(),
  clock,
  correctClock,
};

serveVerbs(verbs);
