import { identityOf } from "../layers/certificate.ts";
import { trustIn } from "../layers/tls.ts";
import { urlAt } from "../measure/dialler.ts";
import { isForward } from "../proxies/define-proxy.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { RecordedProxy } from "../results/recorded-proxies.ts";
import type { Phase } from "../results/schema.ts";
import { configurationNamed, proxyOf } from "../settings/proxies.ts";
import type { ConfiguredProxy } from "../settings/proxies.ts";
import { FrontProgram, frontNames } from "./front-program.ts";
import type { Host } from "./host.ts";
import type { Endpoint } from "./serving.ts";
import { startProgram } from "./start-program.ts";

/** The proxy between the clients of a trial and its server, with whom clients speak TLS and HTTP/2 where they do. */
export class TrialProxy extends FrontProgram {
  readonly #through: ConfiguredProxy;
  readonly #tls: "ec" | "rsa" | null;
  #recorded: RecordedProxy | null = null;

  /** Null where clients dial the server. */
  static of(trial: PlannedTrial, host: Host): TrialProxy | null {
    const { bound } = trial.variant;
    const through = proxyOf(bound);
    return through === null ? null : new TrialProxy(through, bound.layers.tls ?? null, host);
  }

  private constructor(through: ConfiguredProxy, tls: "ec" | "rsa" | null, host: Host) {
    super(host.start("program", frontNames.proxy));
    this.#through = through;
    this.#tls = tls;
  }

  /** What results keep of it, when it serves. */
  get recorded(): RecordedProxy {
    if (this.#recorded === null) throw new Error("the proxy hasn't been started");
    return this.#recorded;
  }

  /** Puts it in front of the server; resolves with where clients find it. */
  async start(behind: Endpoint): Promise<Endpoint> {
    const [server] = behind.servers;
    if (server === undefined) throw new Error("a proxy without a server");
    const { proxy, configuration } = this.#through;
    // Through a forward proxy, TLS is spoken with the server.
    const ended = isForward(proxy) ? null : this.#tls;
    const identity = ended === null ? null : await identityOf(ended);
    const { host, port, version, files } = await startProgram(this.remote, {
      proxy,
      configuration,
      as: "proxy",
      fronting: {
        servers: [{ host: server.host, port: server.port }],
        reads: "http",
        connections: 0,
        ...(identity !== null && { identity }),
      },
    });
    const {
      about,
      arguments: words = [],
      changes = [],
      documented = [],
    } = configurationNamed(proxy, configuration);
    const onlyFlags = words.length === 0 ? [] : [{ name: "arguments", text: words.join(" ") }];
    this.#recorded = {
      name: proxy.name,
      configuration,
      program: version,
      about,
      files: [...files.map(({ name, text }) => ({ name, text })), ...onlyFlags],
      changes: changes.map(({ setting, cures, source }) => ({
        setting,
        cures: [...cures],
        source,
      })),
      documented: documented.flatMap(({ faults, says, source }) =>
        faults.map((fault) => ({ fault, says, source })),
      ),
    };
    if (isForward(proxy)) {
      const by = proxy.kind === "tunnel" ? "connect" : "browser";
      return { ...behind, servers: [{ host, port, url: server.url, by }] };
    }
    const url = urlAt(host, port, identity !== null).href;
    return { ...behind, servers: [{ host, port, url }], trust: identity && trustIn(identity) };
  }

  /** What it was in a phase, in which the server has written so many bytes of deliveries. */
  phase(deliveredBytes: readonly (number | null)[]): NonNullable<Phase["balancer"]> {
    const [bytes = null] = deliveredBytes;
    return {
      program: this.recorded.program,
      reads: "http",
      servers: 1,
      deliveredBytes: bytes === null ? null : [bytes],
    };
  }

  /** Has it read its configuration again; resolves with why it can't, else when it was told. */
  async reload(): Promise<{ readonly impossible: string } | null> {
    const { reload } = this.#through.proxy;
    if ("impossible" in reload) return reload;
    await this.remote.call("reload", {});
    return null;
  }
}
