import * as z from "zod";
import { theoryInBrowser } from "./browser/in-page.ts";
import type { BrowserName } from "./browser-names.ts";
import type { BusName } from "./bus-names.ts";
import type { Direction, Classify, HeartbeatCounter } from "./classify.ts";
import { limitAnswers, withFields } from "./header-fields.ts";
import {
  compressedContents,
  isCompressed,
  isHttp2,
  isLayer,
  layerOptions,
  layersWith,
} from "./layers.ts";
import type { Layer, Layers } from "./layers.ts";
import { PublishingConnection } from "./publishing.ts";
import type { LibraryBusNeeds } from "./library-bus.ts";
import type { Theory } from "./theory.ts";
import { classifyPosts } from "./upstream.ts";
import type { WireForm } from "./wire-form.ts";
import type {
  ClientHandlers,
  Connection,
  Delivery,
  Listener,
  ReadChunk,
  ServerHandlers,
  Target,
  Transport,
  TransportServer,
} from "./transport.ts";

// What an author of a transport needs comes together with `defineTransport`.
export type * from "./classify.ts";
export type * from "./heartbeats.ts";
export type * from "./library-bus.ts";
export type * from "./theory.ts";
export type * from "./wire-form.ts";
export * from "./transport.ts";

/** A transport for the list: its option types are sealed, everything else is as its author wrote it. */
export interface AnyTransport {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly reference: boolean;
  readonly onlyWhenNamed: boolean;
  readonly optionKeys: readonly string[];
  /** The layers that a client can stand on, whose options follow its own. */
  layers(client: string): readonly Layer[];
  /** Null where no option is the main one. */
  readonly shorthand: string | null;
  readonly clients: readonly string[];
  /** Those of them that come back by themselves. */
  readonly comesBack: readonly string[];
  /** Those of them that live in a browser, and in which. */
  readonly inBrowser: Readonly<Record<string, BrowserName>>;
  /** Binds a client and options; throws a `ZodError` when the options don't fit. */
  configure(client: string, options: Readonly<Record<string, unknown>>): BoundTransport;
}

/** A transport with its client and options chosen: what the harness runs. */
export interface BoundTransport {
  readonly delivery: Delivery;
  readonly binary: boolean;
  /** Whether its client comes back by itself. */
  readonly comesBack: boolean;
  /** The browser in which its client lives; null where it is one of the load process. */
  readonly browser: BrowserName | null;
  /** Whether its client sends anything up. */
  readonly sends: boolean;
  /** Whether its client can ask for each answer by a request of its own. */
  readonly answers: boolean;
  /** See `Transport`. */
  readonly asIs: boolean;
  /** See `Transport`; null where the usual ones are. */
  readonly scenarios: readonly string[] | null;
  /** The options with every default filled in, and the layers that were asked for. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly layers: Layers;
  /** Packages that it needs, of those that aren't installed along with this one. */
  readonly packages: readonly string[];
  readonly idleCycleMs: number;
  /** Whether scripts can set how often there are heartbeats. */
  readonly setsHeartbeats: boolean;
  readonly polling: {
    readonly path: (channel: string, cursor: number) => string;
    readonly intervalMs: number | null;
  } | null;
  readonly theory: Theory | null;
  /** Why it doesn't tell the bytes of messages down or up; null where it does, or nobody says. */
  readonly noTheory: { readonly deliveries: string | null; readonly upstream: string | null };
  /** Null where nothing but streams passes. */
  readonly classify: Classify | null;
  /** Null where it isn't HTTP, or nobody says. */
  readonly wireForm: WireForm | null;
  /** Null where heartbeats don't cross streams, or can't be told from messages. */
  readonly heartbeatsIn: ((direction: Direction) => HeartbeatCounter) | null;
  /** See `Transport`. */
  libraryBus(bus: BusName): LibraryBusNeeds | null;
  /** Whether `serve` can be called: otherwise it throws. */
  readonly hasServer: boolean;
  /** Loads what `serve` needs. */
  prepareToServe(): Promise<void>;
  serve(listener: Listener, handlers: ServerHandlers): TransportServer;
  /** Loads what `connect` needs: the first client would wait for it, and not for the server. */
  prepare(): Promise<void>;
  /** With heartbeats every `everyMs` in the place of what its options say, where that is given and can be set. */
  connect(target: Target, handlers: ClientHandlers, everyMs?: number): Promise<Connection>;
}

/** How long a client is watched that does nothing by itself, in milliseconds. */
const idleSampleMs = 1_000;

/** Gives a transport's author types, and the harness one shape for all. */
export function defineTransport<Options extends object>(
  transport: Transport<Options>,
): AnyTransport {
  const { name, polling } = transport;
  // Proxies read HTTP.
  const proxied: readonly Layer[] = transport.wireForm === undefined ? [] : ["proxy"];
  const layers = layersWith([...(transport.layers ?? []), ...proxied]);
  // Where a publisher needs no classification of its own, since every POST is one.
  const publishesOverStream = transport.publish !== undefined && transport.delivery === "push";
  return {
    name,
    title: transport.title ?? name,
    aliases: transport.aliases ?? [],
    summary: transport.summary ?? "",
    reference: transport.reference === true,
    onlyWhenNamed: transport.onlyWhenNamed === true,
    shorthand: transport.shorthand ?? null,
    optionKeys: Object.keys(transport.options?.shape ?? {}),
    clients: Object.keys(transport.clients),
    comesBack: transport.comesBack ?? [],
    inBrowser: transport.inBrowser ?? {},
    layers: (client) =>
      layers.filter((layer) => transport.layersWithout?.[client]?.includes(layer) !== true),
    configure(client, given) {
      const [own, layered] = split(given);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who declares no options has none
      const options = transport.options?.parse(own) ?? ({} as Options);
      const layers = layerOptions.parse(layered);
      const refusal = transport.refusal?.(client, options) ?? null;
      if (refusal !== null) {
        throw new z.ZodError([{ code: "custom", path: [], message: refusal, input: own }]);
      }
      const browser = transport.inBrowser?.[client] ?? null;
      const wireForm = transport.wireForm?.(options) ?? null;
      const delivery =
        typeof transport.delivery === "function" ? transport.delivery(options) : transport.delivery;
      const theoryOf = (): Theory | string | null => {
        const stated = transport.theory?.(options, layers, client) ?? null;
        if (browser === null || stated === null || typeof stated === "string") return stated;
        const sendsFrames = wireForm?.up?.by === "frames";
        return theoryInBrowser(stated, { isHttp2: isHttp2(layers), delivery, sendsFrames });
      };
      const stated = isCompressed(layers) ? compressedContents : theoryOf();
      const why = typeof stated === "string" ? stated : null;
      const theory = typeof stated === "string" ? null : stated;
      const connect = transport.clients[client];
      if (connect === undefined) throw new Error(`${name} has no client called ${client}`);
      return {
        delivery,
        binary: transport.binary === true,
        comesBack: transport.comesBack?.includes(client) === true,
        browser,
        sends: transport.onlyReceives?.includes(client) !== true,
        answers:
          transport.answers?.(options) === true &&
          transport.onlyReceives?.includes(client) !== true,
        asIs: transport.asIs === true,
        scenarios: transport.scenarios ?? null,
        options: { ...Object.fromEntries(Object.entries(options)), ...layers },
        layers,
        packages: transport.packages?.(options) ?? [],
        idleCycleMs: transport.idleCycleMs?.(options) ?? idleSampleMs,
        setsHeartbeats: transport.heartbeat !== undefined,
        polling:
          polling === undefined
            ? null
            : { path: polling.path, intervalMs: polling.intervalMs(options) },
        theory,
        noTheory: { deliveries: why, upstream: why ?? theory?.noUp ?? null },
        classify: transport.classify ?? (publishesOverStream ? classifyPosts : null),
        wireForm,
        heartbeatsIn: transport.heartbeatsIn ?? null,
        // What is gathered is numbered at each server.
        libraryBus: (bus) =>
          layers.batchMs === undefined ? (transport.libraryBus?.(bus, options) ?? null) : null,
        hasServer: transport.serve !== undefined,
        prepareToServe: async () => transport.prepareToServe?.(options),
        serve(listener, handlers) {
          if (transport.serve === undefined) throw new Error(`${name} has no server of its own`);
          limitAnswers(listener.http, layers);
          return transport.serve(listener, handlers, options, layers);
        },
        prepare: async () => transport.prepare?.(client, options, layers),
        connect(given, handlers, everyMs) {
          const target = {
            ...(isHttp2(layers) && {
              http2: { isShared: false },
              headers: layers.headers,
              token: layers.token,
            }),
            ...given,
            dial: (read?: ReadChunk) => withFields(given.dial(read), layers),
          };
          const { publish, heartbeat } = transport;
          const set =
            everyMs === undefined || heartbeat === undefined
              ? options
              : { ...options, [heartbeat]: everyMs };
          if (publish === undefined) return connect(target, handlers, set, layers);
          return PublishingConnection.open(
            (own) => connect(target, own, set, layers),
            handlers,
            (payload) => publish(target, target.channel, payload, options),
          );
        },
      };
    },
  };
}

/** The options of the transport, and those of the layers below it. */
function split(
  given: Readonly<Record<string, unknown>>,
): [Record<string, unknown>, Record<string, unknown>] {
  const entries = Object.entries(given);
  return [
    Object.fromEntries(entries.filter(([key]) => !isLayer(key))),
    Object.fromEntries(entries.filter(([key]) => isLayer(key))),
  ];
}
