import { setTimeout } from "node:timers/promises";
import type { Arrival, Heard, HearingWait, Opened } from "../../scenarios/scenario.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { ProtocolError, endedByServer } from "../../transports/protocol-error.ts";
import type { ClientHandlers, Connection, ReadChunk } from "../../transports/transport.ts";
import { nowNs } from "../measure/clock.ts";
import type { Dialler } from "../measure/dialler.ts";
import type { Messages } from "../payloads/message.ts";

/** How a client is to be one. */
export interface Probing {
  readonly bound: BoundTransport;
  readonly url: URL;
  readonly channel: string;
  readonly messages: Messages;
  /** Times in messages count from here. */
  readonly epochNs: number;
  readonly dialler: Dialler;
  /** See `Connect` of a transport. */
  readonly everyMs: number | undefined;
  readonly comesBack: boolean;
}

/** A client that has lost its connection tries again so soon, and so often in a row. */
const backMs = 50;
const maxAttempts = 60;

/** A client whose every message is kept, with when it came; what goes wrong is told, and throws nowhere. */
export class ProbedClient implements ClientHandlers {
  readonly #probing: Probing;
  readonly #arrivals: Arrival[] = [];
  readonly #watchers = new Set<() => void>();
  #connection: Connection | null = null;
  #refusal: string | null = null;
  #ended: Heard["ended"] = null;
  #ends = 0;
  /** From here on nothing is told. */
  #isClosed = false;

  constructor(probing: Probing) {
    this.#probing = probing;
  }

  /** Dials; resolves when it is subscribed or refused, or after `waitMs`: then it goes on all the same. */
  async open(id: number, waitMs: number): Promise<Opened> {
    const dialledNs = nowNs();
    let readyNs: number | null = null;
    const connected = this.#connect().then(
      () => void (readyNs = nowNs() - dialledNs),
      (error: unknown) => this.#refused(error),
    );
    await Promise.race([connected, setTimeout(waitMs, null, { ref: false })]);
    return { id, dialledNs, readyNs, refusal: this.#refusal };
  }

  /** What it has heard, at once or when what is waited for has come. */
  async heard({ forMs = 0, messages }: Partial<HearingWait>): Promise<Heard> {
    const isOver = (): boolean =>
      this.#ended !== null && !(messages !== undefined && this.#probing.comesBack);
    const isSo = (): boolean =>
      isOver() || (messages !== undefined && this.#arrivals.length >= messages);
    if (forMs > 0 && !isSo()) await this.#until(isSo, forMs);
    const { heardBytes, sentBytes } = this.#probing.dialler;
    return {
      arrivals: [...this.#arrivals],
      bytesDown: heardBytes,
      bytesUp: sentBytes,
      ended: this.#ended,
      ends: this.#ends,
    };
  }

  /** Ends it in order, as the system does for a page that is closed; resolves with when that was. */
  async close(): Promise<number> {
    this.#isClosed = true;
    const closedNs = nowNs();
    this.#probing.dialler.fail(new Error("closed"));
    await this.#leave();
    return closedNs;
  }

  message(payload: Buffer | string): void {
    const { messages, epochNs, dialler } = this.#probing;
    if (!messages.read(payload)) return;
    const { sequence, sentNs } = messages;
    const bytesDown = dialler.heardBytes;
    this.#arrivals.push({ sequence, sentNs: epochNs + sentNs, atNs: nowNs(), bytesDown });
    this.#changed();
  }

  gap(): void {}

  closed(reason: string): void {
    this.#lost(reason);
    if (this.#probing.comesBack && !this.#isClosed) void this.#comeBack();
  }

  /** A poll that met the end of its connection was sent again, by another. */
  reconnected(retried: boolean): void {
    if (retried) this.#lost(endedByServer);
  }

  async #connect(after?: number): Promise<void> {
    const { bound, url, channel, messages, dialler, everyMs } = this.#probing;
    const target = {
      url,
      channel,
      binary: messages.binary,
      // In all clients alike.
      phase: 0,
      ...(after !== undefined && { after }),
      ...(isHttp2(bound.layers) && { http2: { isShared: false } }),
      dial: (read?: ReadChunk) => dialler.dial(read),
    };
    this.#connection = await bound.connect(target, this, everyMs);
    if (this.#isClosed) await this.#leave();
  }

  #refused(error: unknown): void {
    if (this.#isClosed) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#refusal = error instanceof ProtocolError ? error.message : reason;
    this.#lost(reason);
  }

  async #comeBack(): Promise<void> {
    const after = this.#connection?.cursor ?? 0;
    await this.#leave();
    for (let attempt = 0; attempt < maxAttempts && !this.#isClosed; attempt += 1) {
      try {
        await this.#connect(after);
        return;
      } catch {
        await setTimeout(backMs);
      }
    }
  }

  #lost(reason: string): void {
    if (this.#isClosed) return;
    this.#ends += 1;
    this.#ended ??= { atNs: nowNs(), reason };
    this.#changed();
  }

  async #leave(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    await this.#probing.dialler.reset();
    await connection?.[Symbol.asyncDispose]();
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }

  async #until(isSo: () => boolean, forMs: number): Promise<void> {
    const over = new AbortController();
    const happened = new Promise<void>((resolve) => {
      const look = (): void => {
        if (isSo()) resolve();
      };
      this.#watchers.add(look);
      over.signal.addEventListener("abort", () => this.#watchers.delete(look));
    });
    await Promise.race([happened, setTimeout(forMs, null, { ref: false })]);
    over.abort();
  }
}
