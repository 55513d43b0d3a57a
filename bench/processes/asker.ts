import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { askEndpoint } from "../endpoint/asking.ts";
import type { AskedEndpoint } from "../endpoint/asking.ts";
import { hidingOf, secretsGiven } from "../errors/user-secrets.ts";
import { TlsClient } from "../layers/tls.ts";
import { diallerOf } from "../measure/dialler.ts";
import { calibrateBusyWait } from "../measure/pacer.ts";
import { ResourceMeter } from "../measure/resources.ts";
import { filledIn } from "../settings/request-fields.ts";
import { trialVariant } from "./adapter-errors.ts";
import { clock } from "./process-state.ts";
import type { AskerVerbs } from "./protocol.ts";
import { serveVerbs } from "./serve-verbs.ts";

// The process of clients that ask an endpoint of the user's as it is. It alone fills in the variables of their fields.

const meter = new ResourceMeter("asker");
let asked: AskedEndpoint | undefined;

const verbs: AskerVerbs = {
  async start({ variant, server, trust, path, request }) {
    initWebAssemblySync();
    const { bound } = await trialVariant(variant);
    await bound.prepare();
    await calibrateBusyWait();
    const fields = filledIn(request.fields, process.env);
    const url = new URL(path, server.url);
    const tls = trust && new TlsClient(trust, bound.layers);
    asked = {
      bound,
      url,
      fields,
      body: Buffer.from(request.body, "base64"),
      dialler: () => diallerOf(server, tls),
      hide: hidingOf(secretsGiven(url, fields)),
    };
  },

  async ask({ how }) {
    if (asked === undefined) throw new Error("not started");
    return await askEndpoint(asked, how, meter);
  },

  begin: () => meter.begin(),
  end: () => meter.end(),
  longestStall: () => meter.longestStall(),
  clock,
};

serveVerbs(verbs);
