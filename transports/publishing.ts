import { asError, notReading } from "./protocol-error.ts";
import { maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Connection } from "./transport.ts";

/**
 * A client of a server that is published to by another way than its own connection: what it is to send up goes that
 * way, one message after the other, so that they stay in order.
 */
export class PublishingConnection implements Connection {
  readonly #publish: (payload: Buffer) => Promise<void>;
  readonly #handlers: ClientHandlers;
  #connection: Connection | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isPublishing = false;
  #hasEnded = false;

  /** `connect` gets handlers in the place of `handlers`, since either way may end first. */
  static async open(
    connect: (handlers: ClientHandlers) => Promise<Connection>,
    handlers: ClientHandlers,
    publish: (payload: Buffer) => Promise<void>,
  ): Promise<PublishingConnection> {
    const publishing = new PublishingConnection(handlers, publish);
    publishing.#connection = await connect({
      message: (...received) => handlers.message(...received),
      gap: (missed) => handlers.gap(missed),
      reconnected: (...how) => handlers.reconnected(...how),
      closed: (reason) => publishing.#end(reason),
    });
    return publishing;
  }

  private constructor(handlers: ClientHandlers, publish: (payload: Buffer) => Promise<void>) {
    this.#handlers = handlers;
    this.#publish = publish;
  }

  get cursor(): number {
    return this.#connection?.cursor ?? 0;
  }

  send(payload: Buffer): void {
    this.#waiting.push(payload);
    this.#waitingBytes += payload.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#end(notReading().message);
    if (!this.#isPublishing) void this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    this.#isPublishing = true;
    try {
      while (!this.#hasEnded) {
        const payload = this.#waiting.shift();
        if (payload === undefined) break;
        await this.#publish(payload);
        this.#waitingBytes -= payload.length;
      }
    } catch (error) {
      this.#end(`publishing failed: ${asError(error).message}`);
    } finally {
      this.#isPublishing = false;
    }
  }

  #end(reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#handlers.closed(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    await this.#connection?.[Symbol.asyncDispose]();
  }
}
