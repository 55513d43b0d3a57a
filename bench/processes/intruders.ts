import { intrude } from "../intruders/intrude.ts";
import type { Tried } from "../intruders/requests.ts";
import { TlsClient } from "../layers/tls.ts";
import { ResourceMeter } from "../measure/resources.ts";
import type { IntruderVerbs } from "./protocol.ts";
import { serveVerbs } from "./serve-verbs.ts";

// The process of intruders: clients that break the server's limits, while those of the load process keep them.

const meter = new ResourceMeter("intruders");
let tried: Tried | undefined;

const verbs: IntruderVerbs = {
  async start({ server: { host, port }, trust, form, guards }) {
    tried = { door: { host, port, tls: trust && new TlsClient(trust, {}) }, form, guards };
  },

  async intrude({ forMs }) {
    if (tried === undefined) throw new Error("not started");
    return await intrude(tried, forMs);
  },

  begin: () => meter.begin(),
  end: () => meter.end(),
};

serveVerbs(verbs);
