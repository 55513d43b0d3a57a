import type { StreamReader } from "./http-client.ts";
import { asError, notReading } from "./protocol-error.ts";
import type { StreamSubscription } from "./stream-subscription.ts";
import { maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** One answer, and how its body is read. */
export interface AskedAnswer<Piece> {
  readonly subscription: StreamSubscription;
  readonly data: (piece: Piece) => void;
}

/** How a client asks. */
export interface Asking<Piece> {
  /** Begins to read an answer, with handlers of its own. */
  answer(target: Target, handlers: ClientHandlers): AskedAnswer<Piece>;
  /** Makes a request, with no body where `target` says after what number the rest of an answer is due. */
  request(target: Target, body: Buffer | null, reader: StreamReader<Piece>): void;
  /** Dials before anything is asked for; null where each request has a connection of its own. */
  readonly dial: (() => Promise<void>) | null;
  close(): Promise<void>;
}

/**
 * A client with `Target.asks`: each message up is a request, whose answer is read up to its end, and one is made when
 * that before it is whole.
 *
 * It dials before it is asked for anything, and is connected then, as a WebSocket is: what TCP and TLS take is part of
 * a client's set-up with either, and no part of the first answer's time.
 */
export class AskingConnection<Piece> implements Connection {
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  readonly #asking: Asking<Piece>;
  /** The answer under way. */
  #answer: StreamSubscription | null = null;
  #cursor: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #hasEnded = false;

  /** With `Target.after`, resolves when the rest of that answer comes. */
  static async open<Piece>(
    target: Target,
    handlers: ClientHandlers,
    asking: Asking<Piece>,
  ): Promise<AskingConnection<Piece>> {
    const connection = new AskingConnection(target, handlers, asking);
    try {
      if (target.after !== undefined) await connection.#ask(target, null);
      else await asking.dial?.();
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
    return connection;
  }

  private constructor(target: Target, handlers: ClientHandlers, asking: Asking<Piece>) {
    const { after: _after, ...fresh } = target;
    this.#target = fresh;
    this.#handlers = handlers;
    this.#asking = asking;
    this.#cursor = target.after ?? 0;
  }

  get cursor(): number {
    const answer = this.#answer;
    return answer === null || answer.isConnecting ? this.#cursor : answer.cursor;
  }

  send(payload: Buffer): void {
    if (this.#hasEnded) return;
    if (this.#answer === null && this.#waiting.length === 0) return this.#begin(payload);
    this.#waiting.push(payload);
    this.#waitingBytes += payload.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#end(notReading());
  }

  #begin(payload: Buffer): void {
    this.#ask(this.#target, payload).catch((error: unknown) => this.#end(asError(error)));
  }

  /** Resolves when the answer has begun; rejects with what came in its place. */
  async #ask(target: Target, body: Buffer | null): Promise<void> {
    const { subscription, data } = this.#asking.answer(target, {
      message: (payload) => this.#handlers.message(payload),
      gap: (missed) => this.#handlers.gap(missed),
      reconnected: (...how) => this.#handlers.reconnected(...how),
      closed: (reason) => this.#end(new Error(reason)),
    });
    this.#answer = subscription;
    this.#asking.request(target, body, {
      head: (status, header) => subscription.begin(status, header),
      data,
      whole: () => {
        if (subscription.complete()) this.#answered();
      },
      ended: (error) => subscription.fail(error),
    });
    await subscription.connected(() => this.#asking.close());
  }

  #answered(): void {
    this.#cursor = this.cursor;
    this.#answer = null;
    this.#handlers.answered?.();
    const next = this.#answer === null ? this.#waiting.shift() : undefined;
    if (next === undefined || this.#hasEnded) return;
    this.#waitingBytes -= next.length;
    this.#begin(next);
  }

  /** What waits behind an answer that was cut isn't asked any more. */
  #end({ message }: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cursor = this.cursor;
    void this.#asking.close();
    this.#handlers.closed(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    await Promise.all([this.#answer?.[Symbol.asyncDispose](), this.#asking.close()]);
  }
}
