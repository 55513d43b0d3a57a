import { nothingMeasured } from "../bench/measure/measured.ts";
import { EmptyBrowser } from "../bench/plan/empty-browser.ts";
import { EmptyProbe } from "../bench/plan/empty-probe.ts";
import type {
  BalancerVerbs,
  BrowserVerbs,
  BusVerbs,
  ClientVerbs,
  Connected,
  ConnectOptions,
  EndpointVerbs,
  Figure,
  Heartbeats,
  IntruderVerbs,
  MeasuredPhase,
  PollCeiling,
  MemoryUse,
  NetworkVerbs,
  Noticed,
  ProbeVerbs,
  ProxyVerbs,
  Silence,
  ServerVerbs,
  Stage,
  Workload,
} from "../scenarios/scenario.ts";

/** What a scripted stage answers; everything that is left out goes well and shows nothing. */
export interface Answers {
  readonly workload?: Partial<Workload>;
  readonly transport?: Partial<Stage["transport"]>;
  readonly maxIdleMs?: number;
  /** What a phase shows, by its name. */
  measured?(name: string, clients: number): Partial<MeasuredPhase>;
  tryConnect?(clients: number): Connected;
  memory?(clients: number): MemoryUse;
  loadMemory?(clients: number): MemoryUse;
  noticed?(silence: Silence, heartbeats: Heartbeats | null): Noticed;
  readonly ceiling?: PollCeiling;
  /** What becomes of clients through a proxy and past it; all goes well with them when left out. */
  readonly probe?: ProbeVerbs;
  readonly proxy?: ProxyVerbs;
  /** What a browser's tabs do; nothing limits them when left out. */
  readonly browser?: BrowserVerbs;
  /** What the server answers about them. */
  readonly probed?: Partial<Pick<ServerVerbs, "publish" | "answer" | "leave" | "loses">>;
  idled?(forMs: number): void;
}

const noMemory: MemoryUse = { residentBytes: 0, heapBytes: 0 };

/** A stage that keeps what is asked of it, in order, and answers by the script of a test. */
export class ScriptedStage implements Stage {
  readonly workload: Workload;
  readonly transport: Stage["transport"];
  readonly maxIdleMs: number;
  readonly clients: ClientVerbs = {
    connect: async (clients, options) => {
      const { channels, prompts, overMs, heartbeats } = options ?? {};
      const own = channels === "own" ? " with channels of their own" : roomsText(channels);
      const over = overMs === undefined ? "" : ` over ${overMs} ms`;
      const beats = heartbeats === undefined ? "" : ` with ${JSON.stringify(heartbeats)}`;
      const asking = prompts === true ? " to prompt" : "";
      this.#note(`connect ${clients}${own}${asking}${over}${beats}`);
      this.#heartbeats = heartbeats ?? null;
      this.#clients = clients;
    },
    tryConnect: async (clients) => {
      const connected = this.#answers.tryConnect?.(clients) ?? { clients, stopped: null };
      this.#note(`tryConnect ${clients}`);
      this.#clients = connected.clients;
      return connected;
    },
    disconnect: async (clients = 0) => {
      this.#note(`disconnect to ${clients}`);
      this.#clients = Math.min(this.#clients, clients);
    },
    send: async ({ forMs, ratePerSecond = this.workload.ratePerSecond }) =>
      this.#note(`send ${ratePerSecond}/s for ${forMs} ms`),
    prompt: async ({ requests, forMs, promptBytes, answer, atCut, chained }) =>
      this.#note(
        `prompt ${String(promptBytes)} B` +
          (requests === undefined ? ` for ${forMs} ms` : ` ${requests} times`) +
          `: ${answer.tokens} tokens at ${answer.tokensPerSecond}/s as ${answer.format}` +
          (chained === true ? ", chained" : "") +
          (atCut === undefined ? "" : `, at a cut ${atCut}`),
      ),
    changeRooms: async ({ forMs, ratePerSecond }) =>
      this.#note(`change rooms ${ratePerSecond}/s for ${forMs} ms`),
    memory: async () => this.#answers.loadMemory?.(this.#clients) ?? noMemory,
    comeBack: async (how) =>
      this.#note(
        `come back ${how?.policy ?? "never"}${how?.resume === true ? ", with resume" : ""}` +
          (how?.keepsSent === true ? ", keeping what was sent" : ""),
      ),
    stopReading: async ({ share, afterMs = 0, forMs }) =>
      this.#note(`stop reading ${share} after ${afterMs} ms for ${forMs} ms`),
    fault: async (fault) => this.#note(`clients' fault ${fault?.kind ?? "off"}`),
  };
  readonly server: ServerVerbs = {
    publish: async ({ forMs, ratePerSecond = this.workload.ratePerSecond }) => {
      this.#note(`publish ${ratePerSecond}/s for ${forMs} ms`);
      this.#empty.publish({ forMs, ratePerSecond });
      await this.#answers.probed?.publish?.({ forMs, ratePerSecond });
    },
    memory: async () => {
      this.#note("server's memory");
      return this.#answers.memory?.(this.#clients) ?? noMemory;
    },
    pollCeiling: async ({ forMs }) => {
      this.#note(`pollCeiling for ${forMs} ms`);
      return this.transport.delivery === "push" ? null : (this.#answers.ceiling ?? null);
    },
    fault: async (fault) => this.#note(`server's fault ${fault?.kind ?? "off"}`),
    answer: async (how) => {
      this.#note(`answer with ${JSON.stringify(how)}`);
      return (await this.#answers.probed?.answer?.(how)) ?? { pads: true };
    },
    leave: async () => {
      this.#note("server leaves");
      return (await this.#answers.probed?.leave?.()) ?? this.#empty.leave();
    },
    loses: async (how) => {
      this.#note(`server loses within ${how.forMs} ms`);
      const { loses } = this.#answers.probed ?? {};
      return loses === undefined ? how.sinceNs : await loses(how);
    },
    repeats: async (how) => this.#note(`${how} repeats`),
    restart: async ({ server, graceMs, downMs, afterMs = 0 }) =>
      this.#note(
        `restart${server === undefined ? "" : ` server ${server}`} after ${afterMs} ms` +
          `${graceMs === undefined ? "" : `, let go for ${graceMs} ms`}, down for ${downMs} ms`,
      ),
  };
  readonly network: NetworkVerbs = {
    carry: async (change, { direction = "both ways", afterMs } = {}) =>
      this.#note(`carry ${direction} ${JSON.stringify(change)}${after(afterMs)}`),
    fallSilent: async (silence) => {
      this.#note(`fall silent ${silence.direction ?? "both ways"} for ${silence.forMs} ms`);
      const nobody = { of: this.#clients, count: 0, after: () => null };
      const answer = this.#answers.noticed?.(silence, this.#heartbeats);
      return answer ?? { clients: nobody, server: nobody };
    },
    cut: async ({ how, afterMs = 0, refuseForMs = 0 }) =>
      this.#note(
        `cut by ${how} after ${afterMs} ms${refuseForMs > 0 ? `, for ${refuseForMs} ms` : ""}`,
      ),
    refuse: async () => this.#note("refuse"),
    restore: async ({ afterMs } = {}) => this.#note(`restore${after(afterMs)}`),
    become: async (network) => this.#note(`become ${network}`),
  };
  readonly bus: BusVerbs = {
    fail: async ({ forMs, afterMs }) => this.#note(`broker fails for ${forMs} ms${after(afterMs)}`),
  };
  readonly balancer: BalancerVerbs = {
    drain: async ({ server, afterMs }) => this.#note(`drain server ${server}${after(afterMs)}`),
    restore: async () => this.#note("restore all servers"),
    forget: async () => this.#note("forget who was where"),
  };
  readonly intruders: IntruderVerbs = {
    intrude: async ({ forMs }) => this.#note(`intrude for ${forMs} ms`),
  };
  readonly #empty = new EmptyProbe();
  readonly probe: ProbeVerbs = {
    open: async (opening) => {
      const { through, heartbeats, comesBack } = opening;
      const beats = heartbeats === undefined ? "" : ` with a beat each ${heartbeats.everyMs} ms`;
      this.#note(`open ${through}${beats}${comesBack === true ? ", coming back" : ""}`);
      return (await this.#answers.probe?.open(opening)) ?? this.#empty.open();
    },
    heard: async (id, waiting) =>
      (await this.#answers.probe?.heard(id, waiting)) ?? this.#empty.heard(id),
    close: async (id) => {
      this.#note("close");
      return (await this.#answers.probe?.close(id)) ?? this.#empty.close(id);
    },
    ask: async (how) => {
      this.#note(`ask ${how.through} for ${how.forMs} ms`);
      return (await this.#answers.probe?.ask(how)) ?? null;
    },
  };
  readonly proxy: ProxyVerbs = {
    reload: async () => {
      this.#note("reload");
      return (await this.#answers.proxy?.reload()) ?? null;
    },
  };
  readonly browser: BrowserVerbs;
  readonly endpoint: EndpointVerbs = {
    ask: async ({ clients, forMs, ratePerSecond }) => {
      const how = ratePerSecond === undefined ? "in turns" : `${ratePerSecond}/s`;
      this.#note(`ask by ${clients} ${how} for ${forMs} ms`);
    },
  };
  /** Verbs as they were called, those within a phase indented: `phase steady`, `  publish 1000 ms`. */
  readonly calls: string[] = [];
  readonly figures: Figure[] = [];
  readonly #answers: Answers;
  #clients = 0;
  #heartbeats: Heartbeats | null = null;
  #depth = 0;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
    this.browser = answers.browser ?? new EmptyBrowser(() => {});
    this.workload = {
      clients: 10,
      ratePerSecond: 20,
      payloadBytes: 256,
      warmUpMs: 500,
      durationMs: 1_000,
      maxConnections: 1_000,
      ...answers.workload,
    };
    this.transport = {
      delivery: "push",
      idleCycleMs: 500,
      pollIntervalMs: null,
      batchMs: 0,
      sends: true,
      setsHeartbeats: true,
      noTheory: { deliveries: null, upstream: null },
      ...answers.transport,
    };
    this.maxIdleMs = answers.maxIdleMs ?? 10_000;
  }

  /** The value of a figure that was stated once. */
  value(key: string): Figure["value"] | undefined {
    return this.stated(key)?.value;
  }

  stated(key: string): Figure | undefined {
    const all = this.figures.filter((figure) => figure.key === key);
    if (all.length > 1) throw new Error(`${key} was stated ${all.length} times`);
    return all[0];
  }

  async idle(forMs: number): Promise<void> {
    this.#note(`idle ${forMs} ms`);
    this.#empty.pass(forMs);
    this.#answers.idled?.(forMs);
  }

  async phase(name: string, body: () => Promise<void>): Promise<MeasuredPhase> {
    this.#note(`phase ${name}`);
    await this.#within(body);
    const nothing = { ...nothingMeasured(name, this.#clients), durationMs: 1_000 };
    return { ...nothing, ...this.#answers.measured?.(name, this.#clients) };
  }

  async warmUp(body: () => Promise<void>): Promise<void> {
    this.#note("warm-up");
    await this.#within(body);
  }

  figure(figure: Figure): void {
    this.figures.push(figure);
  }

  #note(call: string): void {
    this.calls.push("  ".repeat(this.#depth) + call);
  }

  async #within(body: () => Promise<void>): Promise<void> {
    this.#depth += 1;
    try {
      await body();
    } finally {
      this.#depth -= 1;
    }
  }
}

function roomsText(channels: ConnectOptions["channels"]): string {
  if (typeof channels !== "object") return "";
  return ` in rooms of ${channels.rooms.map(({ clients }) => clients).join(", ")}`;
}

function after(ms: number | undefined): string {
  return ms === undefined ? "" : ` after ${ms} ms`;
}
