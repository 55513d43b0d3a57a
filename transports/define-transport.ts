import type { Direction, Classify, HeartbeatCounter } from "./classify.ts";
import type { Theory } from "./theory.ts";
import type {
  ClientHandlers,
  Connection,
  Listener,
  ServerHandlers,
  Target,
  Transport,
  TransportServer,
} from "./transport.ts";

// What an author of a transport needs comes together with `defineTransport`.
export type * from "./classify.ts";
export type * from "./theory.ts";
export * from "./transport.ts";

/** A transport for the list: its option types are sealed, everything else is as its author wrote it. */
export interface AnyTransport {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly delivery: "push" | "pull";
  readonly reference: boolean;
  readonly optionKeys: readonly string[];
  readonly shorthand: string;
  readonly clients: readonly string[];
  /** Binds a client and options; throws a `ZodError` when the options don't fit. */
  configure(client: string, options: unknown): BoundTransport;
}

/** A transport with its client and options chosen: what the harness runs. */
export interface BoundTransport {
  readonly delivery: "push" | "pull";
  readonly binary: boolean;
  /** The options with every default filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly idleCycleMs: number;
  readonly polling: {
    readonly path: (channel: string, cursor: number) => string;
    readonly intervalMs: number | null;
  } | null;
  readonly theory: Theory | null;
  /** Null where nothing but streams passes. */
  readonly classify: Classify | null;
  /** Null where heartbeats don't cross streams, or can't be told from messages. */
  readonly heartbeatsIn: ((direction: Direction) => HeartbeatCounter) | null;
  serve(listener: Listener, handlers: ServerHandlers): TransportServer;
  /** Loads what `connect` needs: the first client would wait for it, and not for the server. */
  prepare(): Promise<void>;
  connect(target: Target, handlers: ClientHandlers): Promise<Connection>;
}

/** Gives a transport's author types, and the harness one shape for all. */
export function defineTransport<Options extends object>(
  transport: Transport<Options>,
): AnyTransport {
  const { name, title, summary, delivery, shorthand, polling } = transport;
  return {
    name,
    title,
    aliases: transport.aliases ?? [],
    summary,
    delivery,
    reference: transport.reference === true,
    shorthand,
    optionKeys: Object.keys(transport.options.shape),
    clients: Object.keys(transport.clients),
    configure(client, given) {
      const options = transport.options.parse(given);
      const connect = transport.clients[client];
      if (connect === undefined) throw new Error(`${name} has no client called ${client}`);
      return {
        delivery,
        binary: transport.binary === true,
        options: Object.fromEntries(Object.entries(options)),
        idleCycleMs: transport.idleCycleMs(options),
        polling:
          polling === undefined
            ? null
            : { path: polling.path, intervalMs: polling.intervalMs(options) },
        theory: transport.theory?.(options) ?? null,
        classify: transport.classify ?? null,
        heartbeatsIn: transport.heartbeatsIn ?? null,
        serve: (listener, handlers) => transport.serve(listener, handlers, options),
        prepare: async () => transport.prepare?.(client),
        connect: (target, handlers) => connect(target, handlers, options),
      };
    },
  };
}
