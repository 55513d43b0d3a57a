import type { BoundTransport } from "../../transports/define-transport.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import type { ClientHandlers, Connection, TransportServer } from "../../transports/transport.ts";

/*
 * Several messages in one of the transport's: each as its length in bytes in decimal, a colon, its bytes. That is text
 * wherever they are, so it passes through any transport.
 */

/** Batches of one channel that cost the same: as many messages in each, and numbers with as many digits. */
export interface BatchGroup {
  readonly batches: number;
  /** Messages in each batch. */
  readonly messages: number;
  /** The number of the last of these batches on its channel. */
  readonly newest: number;
}

/** What a channel gathers at the moment, and how many batches it has had. */
interface Gathering {
  readonly groups: Map<string, BatchGroup>;
  parts: Buffer[];
  messages: number;
  bytes: number;
  newest: number;
  timer: NodeJS.Timeout | null;
}

/** `bound`, with messages for clients gathered if a layer asks for that. */
export function gathering(bound: BoundTransport): BoundTransport {
  const { batchMs } = bound.layers;
  if (batchMs === undefined) return bound;
  return {
    ...bound,
    serve: (listener, handlers) =>
      new BatchingServer(bound.serve(listener, handlers), batchMs, listener.numbersAfter),
    connect: (target, handlers, everyMs): Promise<Connection> =>
      bound.connect(target, new BatchReader(handlers), everyMs),
  };
}

/** Publishes as one what is published on a channel within a while, from the first message on. */
export class BatchingServer implements TransportServer {
  readonly #server: TransportServer;
  readonly #forMs: number;
  readonly #numbersAfter: number;
  readonly #channels = new Map<string, Gathering>();
  /** Sends what is gathered first. */
  readonly complete?: (channel: string) => void;
  #gathering = 0;
  #settled = (): void => {};

  /** See `Listener` for `numbersAfter`. */
  constructor(server: TransportServer, forMs: number, numbersAfter: number = 0) {
    this.#server = server;
    this.#forMs = forMs;
    this.#numbersAfter = numbersAfter;
    if (server.complete === undefined) return;
    this.complete = (channel) => {
      this.#flush(channel, this.#channelOf(channel));
      server.complete?.(channel);
    };
  }

  publish(channel: string, payload: Buffer): void {
    const gathering = this.#channelOf(channel);
    const head = Buffer.from(headOf(payload.length));
    const bytes = head.length + payload.length;
    if (gathering.bytes + bytes > maxMessageBytes) this.#flush(channel, gathering);
    gathering.parts.push(head, payload);
    gathering.messages += 1;
    gathering.bytes += bytes;
    if (gathering.timer !== null) return;
    this.#gathering += 1;
    gathering.timer = setTimeout(() => this.#flush(channel, gathering), this.#forMs);
  }

  /** The server that it publishes by. */
  get inner(): TransportServer {
    return this.#server;
  }

  room(channel: string): Promise<void> | null {
    return this.#server.room?.(channel) ?? null;
  }

  /** Resolves when nothing is being gathered any more. */
  async settled(): Promise<void> {
    if (this.#gathering === 0) return;
    await new Promise<void>((resolve) => (this.#settled = resolve));
  }

  /** The number of a channel's last batch. */
  newest(channel: string): number {
    return this.#channelOf(channel).newest;
  }

  /** The batches of a channel since the last call. */
  takeGroups(channel: string): readonly BatchGroup[] {
    const { groups } = this.#channelOf(channel);
    const taken = [...groups.values()];
    groups.clear();
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { timer } of this.#channels.values()) clearTimeout(timer ?? undefined);
    await this.#server[Symbol.asyncDispose]();
  }

  #channelOf(channel: string): Gathering {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const groups = new Map<string, BatchGroup>();
    const newest = this.#numbersAfter;
    const made: Gathering = { groups, parts: [], messages: 0, bytes: 0, newest, timer: null };
    this.#channels.set(channel, made);
    return made;
  }

  #flush(channel: string, gathering: Gathering): void {
    if (gathering.timer === null) return;
    clearTimeout(gathering.timer);
    const { groups, parts, messages, bytes } = gathering;
    gathering.newest += 1;
    const { newest } = gathering;
    const key = `${messages}/${String(newest).length}`;
    groups.set(key, { batches: (groups.get(key)?.batches ?? 0) + 1, messages, newest });
    Object.assign(gathering, { parts: [], messages: 0, bytes: 0, timer: null });
    this.#server.publish(channel, Buffer.concat(parts, bytes));
    this.#gathering -= 1;
    if (this.#gathering === 0) this.#settled();
  }
}

/** Hands over the messages of each batch one by one, and what is no batch as it came. */
class BatchReader implements ClientHandlers {
  readonly #handlers: ClientHandlers;

  constructor(handlers: ClientHandlers) {
    this.#handlers = handlers;
  }

  message(payload: Buffer | string, agoNs?: number): void {
    const messages = messagesOf(typeof payload === "string" ? Buffer.from(payload) : payload);
    if (messages === null) return this.#handlers.message(payload, agoNs);
    for (const message of messages) this.#handlers.message(message, agoNs);
  }

  answered(): void {
    this.#handlers.answered?.();
  }

  gap(_missed: number): void {
    // So many batches: nobody knows any more how many messages were in them.
    this.#handlers.gap(Number.POSITIVE_INFINITY);
  }

  closed(reason: string): void {
    this.#handlers.closed(reason);
  }

  reconnected(retried: boolean, isUpstream?: boolean): void {
    this.#handlers.reconnected(retried, isUpstream);
  }
}

function headOf(bytes: number): string {
  return `${bytes}:`;
}

/** Bytes that a batch takes for a message of `bytes` bytes beyond these. */
export function batchedBytes(bytes: number): number {
  return headOf(bytes).length;
}

const colon = 58;

/** The messages of a batch; null where it isn't made of whole ones. */
export function messagesOf(batch: Buffer): readonly Buffer[] | null {
  const messages: Buffer[] = [];
  let at = 0;
  while (at < batch.length) {
    const end = batch.indexOf(colon, at);
    const length = end === -1 ? "" : batch.toString("latin1", at, end);
    if (!/^\d{1,8}$/.test(length) || end + 1 + Number(length) > batch.length) return null;
    at = end + 1 + Number(length);
    messages.push(batch.subarray(end + 1, at));
  }
  return messages.length === 0 ? null : messages;
}
